"""Finds the run whose judging did not come to its end, with what the model answered."""

from pathlib import Path

import orjson

from day23.application.run_benchmark import BenchmarkRun
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.verdict import Outcome
from day23.infrastructure.benchmark.baseline_file import read_result, stored_results


def unjudged_run(dataset_dir: Path, scenario_id: str) -> BenchmarkRun | None:
    """Return the newest live run if its judging ended early; None where it is complete, or was not begun."""
    stored = stored_results(dataset_dir, scenario_id, "live")
    result = read_result(stored[-1]) if stored else None
    if result is None or result.overall is Outcome.VOID:
        return None
    samples = stored[-1].with_suffix("") / "samples.jsonl"
    if result.judgement is None or not result.judgement.remark or not samples.exists():
        return None
    beside = samples.with_name("beside.jsonl")
    return BenchmarkRun(result, stored[-1], dataset_dir, _answers(result, samples), _answers_beside(beside))


def _answers_beside(path: Path) -> dict[str, RecordedAnswer]:
    lines = path.read_bytes().splitlines() if path.exists() else []
    answers = (RecordedAnswer(beside=True, **orjson.loads(line)) for line in lines)
    return {answer.sample_id: answer for answer in answers}


def _answers(result: BenchmarkResult, samples: Path) -> dict[str, RecordedAnswer]:
    told = {line["sample_id"]: line for line in map(orjson.loads, samples.read_bytes().splitlines())}
    return {
        sample.sample_id: RecordedAnswer(
            sample_id=sample.sample_id,
            text=told[sample.sample_id]["answer"],
            model=told[sample.sample_id]["model"],
            times=sample.times,
            error_kind=(sample.notes or "").partition(":")[0],
            attempts=told[sample.sample_id]["attempts"],
        )
        for sample in result.samples
        if "answer" in told.get(sample.sample_id, {})
    }
