"""Two servers asked in turns: who is asked when, and what is concluded."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from day23.domain.benchmark_judgement import MeasuredSample
from day23.domain.scenario import LATENCY
from day23.domain.side_by_side import compare_servers, in_turns
from day23.domain.statistics.comparison import Change


def answered(seconds: list[float], coverage: float = 0.9) -> list[MeasuredSample]:
    return [
        MeasuredSample(f"s{number}", "news", {LATENCY: value, "coverage": coverage})
        for number, value in enumerate(seconds)
    ]


def busy_machine(count: int, factor: float, seed: int) -> tuple[list[float], list[float]]:
    """Return latencies of both servers on a machine that is three times slower for a while."""
    drawn = Random(seed)  # noqa: S311  (the same figures each time)
    pace = [3.0 if count // 3 < number < count // 2 else 1.0 for number in range(count)]
    own = [drawn.lognormvariate(0, 0.5) * slow for slow in pace]
    return (
        [factor * value * drawn.lognormvariate(0, 0.1) for value in own],
        [value * drawn.lognormvariate(0, 0.1) for value in own],
    )


@given(st.integers(0, 60))
def test_both_servers_are_asked_everything_and_each_goes_first_every_other_time(count: int) -> None:
    asked = in_turns([(number, "here") for number in range(count)], [(n, "there") for n in range(count)])
    assert len(set(asked)) == len(asked) == 2 * count
    assert [number for number, _ in asked[::2]] == [number for number, _ in asked[1::2]] == list(range(count))
    firsts = [server for _, server in asked[::2]]
    assert firsts == (["here", "there"] * count)[:count]


def test_a_slower_server_is_found_though_the_machine_is_not_even() -> None:
    verdicts = [
        compare_servers(answered(here), answered(there))[LATENCY].verdict
        for here, there in (busy_machine(60, 1.2, seed) for seed in range(100))
    ]
    assert verdicts.count(Change.WORSE) >= 95


def test_equal_servers_are_told_apart_once_in_a_hundred() -> None:
    verdicts = [
        compare_servers(answered(here), answered(there))[LATENCY].verdict
        for here, there in (busy_machine(60, 1.0, seed) for seed in range(500))
    ]
    assert verdicts.count(Change.CANNOT_TELL) >= 485


def test_lower_scores_are_worse_and_better_is_told_from_the_measured_server() -> None:
    faster, slower = busy_machine(60, 0.5, 1)
    found = compare_servers(answered(faster, coverage=0.8), answered(slower, coverage=0.9))
    assert found["coverage"].verdict is Change.WORSE
    assert found[LATENCY].verdict is Change.BETTER
    assert found[LATENCY].interval is not None
    assert found[LATENCY].interval.confidence == 0.99


def test_only_samples_that_both_answered_are_compared() -> None:
    here, there = answered([1.0] * 12), answered([1.0] * 12)
    here[3] = MeasuredSample("s3", "news", {}, error_kind="timeout")
    there[5] = MeasuredSample("s5", "news", {}, error_kind="503")
    assert compare_servers(here, there)[LATENCY].pairs == 10
    assert compare_servers(here, []) == {}
