"""The record of a run, made of what was measured."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from day23.domain.benchmark_judgement import (
    MeasuredSample,
    distribution,
    failures_allowed,
    fault_counts,
    judge_metrics,
    overall,
    overlaps,
    sample_result,
)
from day23.domain.benchmark_result import (
    BenchmarkResult,
    DatasetReference,
    Distribution,
    Mode,
    RunMetadata,
    SideBySide,
)
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.client_workers import ClientWorkers
from day23.domain.load_schedule import Load
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.run_validity import Calibration, achieved_rate, invalidity
from day23.domain.sample_times import SampleTimes
from day23.domain.scenario import LATENCY, Scenario
from day23.domain.server_facts import ServerFacts
from day23.domain.side_by_side import compare_servers


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known of a run before anything is measured."""

    scenario: Scenario
    mode: Mode
    load: Load | None
    prompt_sha256: str
    dataset: DatasetReference
    samples: tuple[BenchmarkSample, ...]
    started_at: datetime
    tool_version: str
    trace_id: str
    machine: str
    environment: dict[str, str]
    seed: int


@dataclass(frozen=True, slots=True)
class MeasuredBeside:
    """What a run measured of the server beside; the attributes are those of `Measured`."""

    url: str
    samples: tuple[MeasuredSample, ...]
    models: str
    server: ServerFacts | None
    answers: Mapping[str, RecordedAnswer]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run measured.

    Attributes:
        samples: In the order of the dataset.
        answers: By sample; empty in a dry run.
        fresh: Times of the answers that this run itself asked for, of both servers where there are two:
            they count from one moment.
        workers: Who asked; None when this process did it alone.
        beside: Another server that was asked in turns.
    """

    samples: tuple[MeasuredSample, ...]
    models: str
    judges: str
    answers: Mapping[str, RecordedAnswer] = field(default_factory=dict)
    fresh: tuple[SampleTimes, ...] = ()
    calibration: Calibration | None = None
    server: ServerFacts | None = None
    warm_up: int = 0
    resumed: int = 0
    workers: ClientWorkers | None = None
    beside: MeasuredBeside | None = None


def record(begun: Begun, measured: Measured, seconds: float) -> BenchmarkResult:
    """Return the result of a run that took so many seconds."""
    metadata = _metadata(begun, measured, seconds)
    metrics = judge_metrics(begun.scenario, measured.samples)
    answered = [sample for sample in measured.samples if not sample.failed]
    times = [sample.times for sample in answered if sample.times]
    return BenchmarkResult(
        scenario_id=begun.scenario.scenario_id,
        dataset_id=begun.scenario.dataset_id,
        overall=overall(metrics, metadata.void_reasons),
        metrics=metrics,
        latency=distribution([sample.values[LATENCY] for sample in answered]),
        service=_of(times, lambda one: one.service),
        ttft=_of(times, lambda one: one.first_token_latency),
        inter_token=_of(times, lambda one: one.inter_token),
        tokens_per_second=_of(times, lambda one: one.tokens_per_second),
        overlap=overlaps(answered),
        faults=fault_counts(begun.scenario, answered),
        beside=_side_by_side(measured, void=bool(metadata.void_reasons)),
        samples=tuple(sample_result(begun.scenario, sample) for sample in measured.samples),
        metadata=metadata,
    )


def names(found: Iterable[str]) -> str:
    """Return different names in one line."""
    return ", ".join(sorted(set(found))) or "unknown"


def _of(times: Sequence[SampleTimes], figure: Callable[[SampleTimes], float | None]) -> Distribution | None:
    return distribution([value for one in times if (value := figure(one)) is not None])


def _side_by_side(measured: Measured, *, void: bool) -> SideBySide | None:
    if (beside := measured.beside) is None:
        return None
    answered = [sample.values[LATENCY] for sample in beside.samples if not sample.failed]
    return SideBySide(
        url=beside.url,
        model_name=beside.models,
        server=beside.server,
        errors=_errors(beside.samples),
        latency=distribution(answered),
        metrics={} if void else compare_servers(measured.samples, beside.samples),
    )


def _errors(samples: Sequence[MeasuredSample]) -> dict[str, int]:
    return dict(sorted(Counter(sample.error_kind for sample in samples if sample.failed).items()))


def _metadata(begun: Begun, measured: Measured, seconds: float) -> RunMetadata:
    errors = _errors(measured.samples)
    return RunMetadata(
        **_known_before(begun),
        model_name=measured.models,
        judge_model=measured.judges,
        asked_count=len(measured.samples),
        failed_count=sum(errors.values()),
        failed_allowed=failures_allowed(begun.scenario, len(begun.samples)),
        errors=errors,
        retries=sum(max(0, sample.attempts - 1) for sample in measured.samples),
        duration_seconds=seconds,
        warm_up=measured.warm_up,
        resumed=measured.resumed,
        workers=measured.workers,
        calibration=measured.calibration,
        server=measured.server,
        void_reasons=tuple(_void_reasons(begun, measured)),
        rate=achieved_rate(measured.fresh),
    )


def _known_before(begun: Begun) -> dict[str, Any]:
    return {
        "prompt_version": begun.scenario.prompt_version,
        "prompt_sha256": begun.prompt_sha256,
        "sample_count": len(begun.samples),
        "provenance": dict(sorted(Counter(sample.provenance for sample in begun.samples).items())),
        "dataset": begun.dataset,
        "mode": begun.mode,
        "max_concurrency": begun.load.max_concurrency if begun.load else None,
        "started_at": begun.started_at,
        "tool_version": begun.tool_version,
        "trace_id": begun.trace_id,
        "machine": begun.machine,
        "max_tokens": begun.scenario.max_tokens,
        "load": begun.load,
        "seed": begun.seed,
        "environment": begun.environment,
    }


def _void_reasons(begun: Begun, measured: Measured) -> Iterator[str]:
    allowed = failures_allowed(begun.scenario, len(begun.samples))
    if (failed := sum(_errors(measured.samples).values())) > allowed:
        yield f"{failed} samples failed, {allowed} may"
    if measured.beside and (failed := sum(_errors(measured.beside.samples).values())) > allowed:
        yield f"{failed} samples failed at {measured.beside.url}, {allowed} may"
    if begun.load:
        yield from invalidity(begun.load, measured.fresh, measured.calibration)
