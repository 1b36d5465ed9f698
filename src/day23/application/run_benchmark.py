"""Use case: judge a dataset by a scenario, from stored values or by asking the model again."""

import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from day23.application.answer_book import AnswerBook, shown_by
from day23.application.benchmark_prompt import chat_request, prompt_sha256
from day23.application.benchmark_record import Begun, Measured, MeasuredBeside, names, record
from day23.application.benchmark_results import ResultStore
from day23.application.benchmark_samples import BenchmarkSamples, LoadedSamples
from day23.application.benchmark_telemetry import publish
from day23.application.every_sample import of_every
from day23.application.live_server import LiveServer
from day23.application.load_shares import Question, Share, scheduled
from day23.application.ports import Progress, ProgressState, Telemetry
from day23.application.sample_answers import SampleAnswers
from day23.application.sample_measurement import measured_from_answer, measured_from_store
from day23.application.spread_answers import spread
from day23.domain.benchmark_dataset import JUDGE_MODEL
from day23.domain.benchmark_judgement import MeasuredSample, failures_allowed
from day23.domain.benchmark_result import BenchmarkResult, Mode
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.errors import ToolkitError, UsageError
from day23.domain.load_schedule import Load
from day23.domain.pair_judgement import FEWEST_REPEATS
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.run_validity import Calibration
from day23.domain.scenario import Scenario
from day23.domain.server_facts import ServerFacts
from day23.domain.side_by_side import in_turns
from day23.domain.verdict import Outcome


@dataclass(frozen=True, slots=True)
class BenchmarkRequest:
    """What to run.

    Attributes:
        dataset: An exported file; None takes the newest complete export below `dataset_dir`.
        limit: Newest samples only; None takes all.
        load: How a live run offers its requests.
        warm_up: Requests of a live run that come before the first that counts.
        shuffled: With `limit`, samples chosen at random by the load's seed, not the newest.
        resume: Go on with the interrupted run of the same kind.
        workers: Client processes that the load is dealt to; None takes all that the scheduler has.
        scheduler: Address of the Dask scheduler whose workers ask; None takes processes of this host.
        credentials: What that scheduler asks its callers for, where a playbook started it.
        output: Another file for the result.
        judge_repeats: How often a model judges each answer beside the recorded summary, in each order;
            0 for not at all, else at least `FEWEST_REPEATS`. Live runs only.
        beside: Base URL of another server that is asked in turns with the one that is measured.
        beside_model: Name of its model; None takes that of the one that is measured.

    Raises:
        UsageError: A judge of a dry run, which asks no model, or too few repeats for a majority; a server
            beside where turns cannot be taken: in a dry run, an open loop, or with several workers.
    """

    scenario: Scenario
    mode: Mode
    dataset_dir: Path
    dataset: Path | None = None
    limit: int | None = None
    load: Load = field(default_factory=Load)
    warm_up: int = 0
    shuffled: bool = False
    resume: bool = False
    output: Path | None = None
    workers: int | None = None
    scheduler: str | None = None
    credentials: str | None = field(default=None, repr=False)
    judge_repeats: int = 0
    beside: str | None = None
    beside_model: str | None = None

    def __post_init__(self) -> None:
        if self.judge_repeats and self.mode == "dry":
            raise UsageError("a dry run asks no model, so none can judge", next_step="leave one of them out")
        if 0 < self.judge_repeats < FEWEST_REPEATS:
            what = f"{self.judge_repeats} repeats are no majority"
            raise UsageError(what, next_step=f"use at least {FEWEST_REPEATS}")
        if self.beside and (self.mode == "dry" or self.load.open_loop or self.workers or self.scheduler):
            what = "servers take turns in live runs only, without a rate, workers or a scheduler"
            raise UsageError(what, next_step="leave out --beside, or the others")

    @property
    def dataset_file(self) -> Path:
        """The file whose samples are judged."""
        return self.dataset or self.dataset_dir / self.scenario.dataset_id / "latest.jsonl"


@dataclass(frozen=True, slots=True)
class BenchmarkRun:
    """A finished run: its result, its places, and what was answered (empty in a dry run).

    Attributes:
        beside: What the server beside answered.
        interrupted: Whether Ctrl-C ended what came after the measuring.
    """

    result: BenchmarkResult
    path: Path
    dataset_dir: Path
    answers: Mapping[str, RecordedAnswer] = field(default_factory=dict)
    beside: Mapping[str, RecordedAnswer] = field(default_factory=dict)
    interrupted: bool = False


class RunBenchmarkUseCase:
    """Runs one scenario over one verified dataset.

    Args:
        server: Needed by live runs only.
        clock: Returns the current time, tz-aware.
        environment: Facts of the host for the record.
    """

    def __init__(
        self,
        samples: BenchmarkSamples,
        results: ResultStore,
        telemetry: Telemetry,
        progress: Progress,
        *,
        server: LiveServer | None,
        clock: Callable[[], datetime],
        tool_version: str,
        machine: str = "unknown",
        environment: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._samples = samples
        self._results = results
        self._telemetry = telemetry
        self._progress = progress
        self._server = server
        self._clock = clock
        self._tool_version = tool_version
        self._machine = machine
        self._environment = environment

    async def execute(self, request: BenchmarkRequest) -> BenchmarkRun:
        """Run the scenario and store the result; a void run is stored too, without a verdict.

        Raises:
            ToolkitError: The dataset cannot be used, or a dry run lacks a stored value.
        """
        started = time.perf_counter()
        loaded, begun = self._begin(request)
        with self._telemetry.span("benchmark.measure", mode=request.mode, samples=len(loaded.samples)):
            measured = await self._measure(request, loaded)
        result = record(begun, measured, time.perf_counter() - started)
        path = self._results.save(result, request.output)
        if self._server and self._server.journal:
            self._server.journal.finish()
        self._tell(result)
        beside = measured.beside.answers if measured.beside else {}
        return BenchmarkRun(result, path, request.dataset_dir, measured.answers, beside)

    def _begin(self, request: BenchmarkRequest) -> tuple[LoadedSamples, Begun]:
        scenario = request.scenario
        with self._telemetry.span("benchmark.load", scenario=scenario.scenario_id):
            prompts = prompt_sha256(scenario)
            loaded = _chosen(self._samples, request)
        return loaded, Begun(
            scenario=scenario,
            mode=request.mode,
            load=request.load if request.mode == "live" else None,
            prompt_sha256=prompts,
            dataset=loaded.dataset,
            samples=loaded.samples,
            started_at=self._clock(),
            tool_version=self._tool_version,
            trace_id=self._telemetry.trace_id,
            machine=self._machine,
            environment=dict(self._environment()),
            seed=request.load.seed,
        )

    async def _measure(self, request: BenchmarkRequest, loaded: LoadedSamples) -> Measured:
        if request.mode == "dry":
            return _stored(loaded)
        if self._server is None:
            raise ToolkitError("a live run needs the LLM API", next_step="make day-23-up, or set LLM_URL")
        return await self._ask(request, loaded, self._server)

    async def _ask(self, request: BenchmarkRequest, loaded: LoadedSamples, server: LiveServer) -> Measured:
        facts = await server.describe() if server.describe else None
        there = await server.beside.describe() if server.beside and server.beside.describe else None
        kept = _kept(server, request, loaded, facts, there)
        remaining = _remaining(_questions(server, request, loaded.samples), kept)
        calibration = await self._calibrated(request, server, loaded.samples[0])
        fresh = await self._fresh(request, server, remaining, len(loaded.samples))
        answers = {(answer.sample_id, answer.beside): answer for answer in (*kept, *fresh)}
        here = {sample_id: answer for (sample_id, beside), answer in answers.items() if not beside}
        to_ask = sum(not question.beside for question in remaining)
        return Measured(
            samples=_measured(loaded.samples, here),
            answers=here,
            fresh=tuple(answer.times for answer in fresh if answer.times),
            models=_models(here.values()),
            judges=JUDGE_MODEL,
            calibration=calibration,
            server=facts,
            warm_up=min(request.warm_up, to_ask),
            resumed=len(loaded.samples) - to_ask,
            workers=server.workers,
            beside=_beside(server, loaded.samples, answers.values(), there),
        )

    async def _fresh(
        self, request: BenchmarkRequest, server: LiveServer, remaining: Sequence[Question], samples: int
    ) -> tuple[RecordedAnswer, ...]:
        allowed = failures_allowed(request.scenario, samples)
        show = shown_by(self._progress, request.scenario.scenario_id, len(remaining))
        book = AnswerBook(allowed, server.journal.keep if server.journal else _forget, show)
        asking = SampleAnswers(server.model, book, server.beside.model if server.beside else None)
        self._prepare(request, "warming up")
        for beside in (False, True):
            one_server = [question for question in remaining if question.beside is beside]
            await asking.warm_up(one_server[: request.warm_up])
        questions = scheduled(remaining, request.load)
        if server.crew:
            await spread(server.crew, questions, request.load, book, allowed)
        else:
            await asking.ask(Share(questions, request.load.max_concurrency))
        return book.answers

    async def _calibrated(
        self, request: BenchmarkRequest, server: LiveServer, sample: BenchmarkSample
    ) -> Calibration | None:
        if server.calibrate is None:
            return None
        self._prepare(request, "measuring the client itself")
        with self._telemetry.span("benchmark.calibrate"):
            return await server.calibrate(
                chat_request(request.scenario, sample), request.load.max_concurrency
            )

    def _prepare(self, request: BenchmarkRequest, detail: str) -> None:
        self._progress.report(request.scenario.scenario_id, ProgressState.STARTING, detail=detail)

    def _tell(self, result: BenchmarkResult) -> None:
        publish(self._telemetry, result)
        self._progress.report(
            result.scenario_id,
            ProgressState.FAILED if result.overall is Outcome.VOID else ProgressState.DONE,
            done=result.metadata.asked_count,
            total=result.metadata.sample_count,
            detail=result.overall.value,
        )


def _chosen(samples: BenchmarkSamples, request: BenchmarkRequest) -> LoadedSamples:
    if not request.shuffled or request.limit is None:
        return samples.load(request.scenario, request.dataset_file, request.limit)
    loaded = samples.load(request.scenario, request.dataset_file, None)
    # Not for secrets: a choice that must come out the same again.
    source = random.Random(request.load.seed)  # noqa: S311  # nosec B311
    chosen = source.sample(loaded.samples, min(request.limit, len(loaded.samples)))
    return replace(loaded, samples=tuple(sorted(chosen, key=lambda sample: sample.line)))


def _stored(loaded: LoadedSamples) -> Measured:
    return Measured(
        samples=of_every(measured_from_store, loaded.samples),
        models=names(sample.model for sample in loaded.samples),
        judges=names(sample.judge for sample in loaded.samples),
    )


def _questions(
    server: LiveServer, request: BenchmarkRequest, samples: Sequence[BenchmarkSample]
) -> tuple[Question, ...]:
    """Return what is asked of the server, in turns with the one beside it where there is one."""
    asked = [Question(sample.sample_id, chat_request(request.scenario, sample)) for sample in samples]
    if not server.beside:
        return tuple(asked)
    return in_turns(asked, [replace(question, beside=True) for question in asked])


def _key(
    server: LiveServer,
    request: BenchmarkRequest,
    loaded: LoadedSamples,
    facts: ServerFacts | None,
    there: ServerFacts | None,
) -> Mapping[str, object]:
    beside = {"url": server.beside.url, "digest": there.digest if there else ""} if server.beside else None
    return {
        "scenario": request.scenario.model_dump(mode="json", by_alias=True),
        "dataset": loaded.dataset.sha256,
        "samples": len(loaded.samples),
        "prompts": prompt_sha256(request.scenario),
        "load": request.load.model_dump(mode="json"),
        "server": facts.digest if facts else "",
        "workers": server.workers.model_dump(mode="json") if server.workers else None,
        "server beside": beside,
    }


def _kept(
    server: LiveServer,
    request: BenchmarkRequest,
    loaded: LoadedSamples,
    facts: ServerFacts | None,
    there: ServerFacts | None,
) -> tuple[RecordedAnswer, ...]:
    if server.journal is None:
        return ()
    return server.journal.begin(_key(server, request, loaded, facts, there), resume=request.resume)


def _forget(_answer: RecordedAnswer) -> None:
    return None


def _remaining(questions: Sequence[Question], kept: Sequence[RecordedAnswer]) -> tuple[Question, ...]:
    """Return the questions of samples that no earlier run finished; what failed is asked again.

    Of two servers both are asked again, for a pair must be asked in turns.
    """
    finished = {(answer.sample_id, answer.beside) for answer in kept if not answer.failed}
    left = {asked.sample_id for asked in questions if (asked.sample_id, asked.beside) not in finished}
    return tuple(question for question in questions if question.sample_id in left)


def _beside(
    server: LiveServer,
    samples: Sequence[BenchmarkSample],
    answers: Collection[RecordedAnswer],
    facts: ServerFacts | None,
) -> MeasuredBeside | None:
    if server.beside is None:
        return None
    there = {answer.sample_id: answer for answer in answers if answer.beside}
    return MeasuredBeside(
        server.beside.url, _measured(samples, there), _models(there.values()), facts, answers=there
    )


def _models(answers: Collection[RecordedAnswer]) -> str:
    return names(answer.model for answer in answers if answer.model)


def _measured(
    samples: Sequence[BenchmarkSample], answers: Mapping[str, RecordedAnswer]
) -> tuple[MeasuredSample, ...]:
    """Measure after the last answer: measuring takes time that would count as latency before."""
    return tuple(
        measured_from_answer(sample, answers[sample.sample_id])
        for sample in samples
        if sample.sample_id in answers
    )
