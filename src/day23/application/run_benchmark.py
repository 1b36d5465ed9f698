"""Use case: judge a dataset by a scenario, from stored values or by asking the model again."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from day23.application.benchmark_prompt import chat_request, prompt_sha256
from day23.application.benchmark_results import ResultStore
from day23.application.benchmark_samples import BenchmarkSamples, LoadedSamples
from day23.application.ports import ChatModel, ChatReply, Progress, ProgressState, Telemetry
from day23.application.sample_answers import SampleAnswers
from day23.application.sample_measurement import measured_from_answer, measured_from_store
from day23.domain.benchmark_dataset import JUDGE_MODEL
from day23.domain.benchmark_judgement import (
    MeasuredSample,
    distribution,
    failures_allowed,
    judge_metrics,
    overall,
    sample_result,
)
from day23.domain.benchmark_result import BenchmarkResult, MetricResult, Mode, RunMetadata
from day23.domain.errors import ToolkitError
from day23.domain.scenario import LATENCY, Scenario
from day23.domain.verdict import SEVERITY, Outcome


@dataclass(frozen=True, slots=True)
class BenchmarkRequest:
    """What to run.

    Attributes:
        dataset: An exported file; None takes the newest complete export below `dataset_dir`.
        limit: Newest samples only; None takes all.
        output: Another file for the result.
    """

    scenario: Scenario
    mode: Mode
    dataset_dir: Path
    dataset: Path | None = None
    limit: int | None = None
    max_concurrency: int = 4
    output: Path | None = None

    @property
    def dataset_file(self) -> Path:
        """The file whose samples are judged."""
        return self.dataset or self.dataset_dir / self.scenario.dataset_id / "latest.jsonl"


@dataclass(frozen=True, slots=True)
class BenchmarkRun:
    """A finished run: its result and where it is stored."""

    result: BenchmarkResult
    path: Path


@dataclass(frozen=True, slots=True)
class _Begun:
    request: BenchmarkRequest
    started_at: datetime
    prompt_sha256: str
    loaded: LoadedSamples


@dataclass(frozen=True, slots=True)
class _Measured:
    samples: tuple[MeasuredSample, ...]
    models: str
    judges: str
    retries: int = 0


class RunBenchmarkUseCase:
    """Runs one scenario over one verified dataset.

    Args:
        model: Needed by live runs only.
        clock: Returns the current time, tz-aware.
    """

    def __init__(
        self,
        samples: BenchmarkSamples,
        results: ResultStore,
        telemetry: Telemetry,
        progress: Progress,
        *,
        model: ChatModel | None,
        clock: Callable[[], datetime],
        tool_version: str,
        machine: str = "unknown",
    ) -> None:
        self._samples = samples
        self._results = results
        self._telemetry = telemetry
        self._progress = progress
        self._model = model
        self._clock = clock
        self._tool_version = tool_version
        self._machine = machine

    async def execute(self, request: BenchmarkRequest) -> BenchmarkRun:
        """Run the scenario and store the result; a void run is stored too, without a verdict.

        Raises:
            ToolkitError: The dataset cannot be used, or a dry run lacks a stored value.
        """
        started = time.perf_counter()
        begun = self._begin(request)
        samples = len(begun.loaded.samples)
        with self._telemetry.span("benchmark.measure", mode=request.mode, samples=samples):
            measured = await self._measure(request, begun.loaded)
        metadata = self._metadata(begun, measured, time.perf_counter() - started)
        result = _result(request.scenario, measured.samples, metadata)
        path = self._results.save(result, request.output)
        self._tell(result)
        return BenchmarkRun(result, path)

    def _begin(self, request: BenchmarkRequest) -> _Begun:
        scenario = request.scenario
        with self._telemetry.span("benchmark.load", scenario=scenario.scenario_id):
            return _Begun(
                request=request,
                started_at=self._clock(),
                prompt_sha256=prompt_sha256(scenario),
                loaded=self._samples.load(scenario, request.dataset_file, request.limit),
            )

    async def _measure(self, request: BenchmarkRequest, loaded: LoadedSamples) -> _Measured:
        if request.mode == "dry":
            return _stored(loaded)
        if self._model is None:
            raise ToolkitError("a live run needs the LLM API", next_step="make day-23-up, or set LLM_URL")
        return await self._ask(request, loaded, self._model)

    async def _ask(self, request: BenchmarkRequest, loaded: LoadedSamples, model: ChatModel) -> _Measured:
        scenario = request.scenario
        asking = SampleAnswers(
            model,
            partial(chat_request, scenario),
            self._progress,
            max_concurrency=request.max_concurrency,
            failures_allowed=failures_allowed(scenario, len(loaded.samples)),
        )
        answers = await asking.ask(scenario.scenario_id, loaded.samples)
        replies = [answer.outcome for answer in answers if isinstance(answer.outcome, ChatReply)]
        return _Measured(
            samples=tuple(map(measured_from_answer, answers)),
            models=_names(reply.model for reply in replies),
            judges=JUDGE_MODEL,
            retries=sum(answer.attempts - 1 for answer in answers),
        )

    def _metadata(self, begun: _Begun, measured: _Measured, seconds: float) -> RunMetadata:
        request, loaded = begun.request, begun.loaded
        failed = [sample.error_kind for sample in measured.samples if sample.failed]
        return RunMetadata(
            model_name=measured.models,
            judge_model=measured.judges,
            prompt_version=request.scenario.prompt_version,
            prompt_sha256=begun.prompt_sha256,
            sample_count=len(loaded.samples),
            asked_count=len(measured.samples),
            failed_count=len(failed),
            failed_allowed=failures_allowed(request.scenario, len(loaded.samples)),
            errors=dict(sorted(Counter(failed).items())),
            retries=measured.retries,
            provenance=dict(sorted(Counter(sample.provenance for sample in loaded.samples).items())),
            dataset=loaded.dataset,
            mode=request.mode,
            max_concurrency=request.max_concurrency if request.mode == "live" else None,
            duration_seconds=seconds,
            started_at=begun.started_at,
            tool_version=self._tool_version,
            trace_id=self._telemetry.trace_id,
            machine=self._machine,
        )

    def _tell(self, result: BenchmarkResult) -> None:
        self._measure_verdict(result)
        self._log(result)
        self._progress.report(
            result.scenario_id,
            ProgressState.FAILED if result.overall is Outcome.VOID else ProgressState.DONE,
            done=result.metadata.asked_count,
            total=result.metadata.sample_count,
            detail=result.overall.value,
        )

    def _measure_verdict(self, result: BenchmarkResult) -> None:
        """Publish the verdict; the metrics of a void run have no value and no verdict of their own."""
        void = result.overall is Outcome.VOID
        labels = {"scenario": result.scenario_id, "dataset": result.dataset_id}
        measure = self._telemetry.measure
        measure("benchmark_run_duration_seconds", result.metadata.duration_seconds, **labels)
        measure("benchmark_run_outcome", SEVERITY[result.overall], **labels)
        for metric in result.metrics:
            named = {**labels, "metric": metric.name}
            outcome = Outcome.VOID if void else metric.outcome
            measure("benchmark_metric_outcome", SEVERITY[outcome], **named)
            if not void:
                measure("benchmark_metric_value", metric.value, **named)
                self._measure_interval(metric, named)

    def _measure_interval(self, metric: MetricResult, labels: dict[str, str]) -> None:
        if metric.interval and metric.interval.bounded:
            for bound, value in (("low", metric.interval.lowest), ("high", metric.interval.highest)):
                self._telemetry.measure("benchmark_metric_interval", value, bound=bound, **labels)

    def _log(self, result: BenchmarkResult) -> None:
        self._telemetry.log(
            "error" if result.overall is Outcome.VOID else "info",
            "benchmark finished",
            scenario=result.scenario_id,
            mode=result.metadata.mode,
            overall=result.overall.value,
            samples=result.metadata.sample_count,
            failed=result.metadata.failed_count,
            duration_seconds=round(result.metadata.duration_seconds, 3),
        )


def _stored(loaded: LoadedSamples) -> _Measured:
    return _Measured(
        tuple(map(measured_from_store, loaded.samples)),
        _names(sample.model for sample in loaded.samples),
        _names(sample.judge for sample in loaded.samples),
    )


def _result(scenario: Scenario, samples: Sequence[MeasuredSample], metadata: RunMetadata) -> BenchmarkResult:
    metrics = judge_metrics(scenario, samples)
    answered = [sample for sample in samples if not sample.failed]
    first_tokens = [seconds for sample in answered if (seconds := sample.first_token_seconds) is not None]
    return BenchmarkResult(
        scenario_id=scenario.scenario_id,
        dataset_id=scenario.dataset_id,
        overall=overall(metrics, failed=metadata.failed_count, allowed=metadata.failed_allowed),
        metrics=metrics,
        latency=distribution([sample.values[LATENCY] for sample in answered]),
        ttft=distribution(first_tokens),
        samples=tuple(sample_result(scenario, sample) for sample in samples),
        metadata=metadata,
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names))) or "unknown"
