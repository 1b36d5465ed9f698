import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from day23.domain.benchmark_baseline import compare_runs
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.statistics.comparison import Change

BEGAN = datetime(2025, 11, 16, tzinfo=UTC)


def run(number, *, slower=1.0, samples=60, spread=0.05, coverage=0.9, **metadata):
    """A run of samples with latencies of their own, each a little different every time."""
    source = random.Random(number)  # noqa: S311 - a noise that comes out the same again
    return BenchmarkResult.model_validate(
        {
            "scenario_id": "channel_digest_ru",
            "dataset_id": "benchmark_digest_ru_v1",
            "overall": "pass",
            "latency": None,
            "ttft": None,
            "metrics": [metric("coverage", coverage, "higher"), metric("latency_seconds", 1.0, "lower")],
            "samples": [
                {
                    "sample_id": f"sample-{position}",
                    "channel": "@habr",
                    "verdict": "pass",
                    "metrics": [
                        {"name": "coverage", "value": coverage, "outcome": "pass"},
                        {
                            "name": "latency_seconds",
                            "value": (1 + position / 10) * slower * math.exp(source.gauss(0, spread)),
                            "outcome": "pass",
                        },
                    ],
                }
                for position in range(samples)
            ],
            "metadata": {
                "model_name": "qwen",
                "judge_model": "deterministic-ru-v1",
                "prompt_version": "v1",
                "prompt_sha256": "c" * 64,
                "sample_count": samples,
                "asked_count": samples,
                "failed_count": 0,
                "failed_allowed": 1,
                "errors": {},
                "retries": 0,
                "provenance": {"telegram": samples},
                "dataset": {
                    "path": "d",
                    "sha256": "d" * 64,
                    "content_sha256": "e" * 64,
                    "documents": samples,
                },
                "mode": "live",
                "max_concurrency": 4,
                "duration_seconds": 1.0,
                "started_at": BEGAN + timedelta(minutes=number),
                "tool_version": "0",
                "trace_id": f"{number:032x}",
                "max_tokens": 800,
                "server": {"digest": "f" * 64},
                **metadata,
            },
        }
    )


def metric(name, value, direction):
    bounds = {"pass": 0.8, "warn": 0.7} if direction == "higher" else {"pass": 210, "warn": 240}
    return {
        "name": name,
        "value": value,
        "outcome": "pass",
        "aggregate": "mean",
        "mean": value,
        "direction": direction,
        **bounds,
    }


EARLIER = [run(number) for number in range(5)]


def verdict(current, baseline=EARLIER[4], earlier=EARLIER):
    return compare_runs(baseline, current, earlier).metrics["latency_seconds"].verdict


def test_equal_runs_cannot_be_told_apart():
    assert {verdict(run(number)) for number in range(10, 30)} == {Change.CANNOT_TELL}


def test_a_fifth_slower_is_worse_and_a_fifth_faster_is_better():
    assert [verdict(run(number, slower=1.2)) for number in range(10, 20)].count(Change.WORSE) >= 9
    assert verdict(run(10, slower=0.8)) is Change.BETTER


def test_one_run_as_a_baseline_cannot_tell_and_says_what_it_needs():
    found = compare_runs(EARLIER[4], run(10, slower=1.5))
    assert found.metrics["latency_seconds"].verdict is Change.CANNOT_TELL
    assert "3 equal runs, there are 1" in found.remark


def test_fewer_pairs_than_advised_cannot_tell():
    few = [run(number, samples=6) for number in range(5)]
    assert verdict(run(10, samples=6, slower=1.2), few[4], few) is Change.CANNOT_TELL


def test_the_advised_number_of_samples_is_told():
    found = compare_runs(EARLIER[4], run(10), EARLIER).metrics["latency_seconds"]
    assert 10 <= (found.pairs_for_a_fifth or 0) < 60


def test_noisy_equal_runs_raise_the_floor_above_the_change():
    noisy = [run(number, slower=factor) for number, factor in enumerate((0.7, 1.4, 1.0, 1.3, 0.8))]
    found = compare_runs(noisy[4], run(10, slower=1.2), noisy).metrics["latency_seconds"]
    assert found.verdict is Change.CANNOT_TELL
    assert found.pairs_for_a_fifth is None


def test_a_later_run_is_no_part_of_the_floor():
    later = [run(100 + number, slower=3.0**number) for number in range(5)]
    assert verdict(run(10, slower=1.2), earlier=[*EARLIER, *later]) is Change.WORSE


def test_worse_scores_need_no_noise_floor_of_the_machine():
    found = compare_runs(EARLIER[4], run(10, coverage=0.7))
    assert found.metrics["coverage"].verdict is Change.WORSE


def test_the_share_of_noise_is_small_where_prompts_differ_much():
    assert 0 < compare_runs(EARLIER[4], run(10), EARLIER).noise_share["latency_seconds"] < 0.05


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"model_name": "other"}, "model"),
        ({"server": {"digest": "0" * 64}}, "engine"),
        ({"max_tokens": 400}, "token limit"),
        ({"machine": "other"}, "machine"),
        ({"load": {"rate": 5}}, "load"),
        ({"prompt_sha256": "0" * 64}, "prompts"),
    ],
)
def test_another_configuration_is_no_baseline(change, told):
    assert compare_runs(EARLIER[0], run(10, **change)).refusal == f"no baseline: {told} differ"


def test_a_void_run_is_no_baseline():
    void = EARLIER[0].model_copy(update={"overall": "void"})
    assert "void" in compare_runs(void, run(10)).refusal
