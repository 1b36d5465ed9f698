"""Use case: have a model compare the answers of a finished run with the recorded summaries.

It begins after the last answer was measured, so it moves no latency, and it changes no verdict.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from day23.application.benchmark_results import ResultStore
from day23.application.benchmark_samples import BenchmarkSamples
from day23.application.pair_judge import TEMPERATURE, PairJudge, SummaryPair, Votes
from day23.application.ports import Progress, ProgressState, Telemetry
from day23.application.run_benchmark import BenchmarkRequest, BenchmarkRun
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.errors import ToolkitError
from day23.domain.pair_judge_prompt import PAIR_JUDGE_PROMPT_VERSION, PAIR_JUDGE_SHA256
from day23.domain.pair_judgement import (
    INTERRUPTED,
    JudgedPair,
    JudgeTerms,
    PairJudgement,
    figures,
    judged_pair,
)
from day23.domain.source_content import source_content
from day23.domain.verdict import Outcome

FRUITLESS_IN_A_ROW = 5
"""After so many pairs without a judgement the judge is given up: it is gone, not unlucky."""

_SUBJECT = "judge"


@dataclass(frozen=True, slots=True)
class JudgeIdentity:
    """Which model judges.

    Attributes:
        model: Its name as asked for.
        is_tested_model: Whether it is the model that the run measures.
        max_concurrency: Pairs in judgement at once.
    """

    model: str
    is_tested_model: bool
    max_concurrency: int


@dataclass(slots=True)
class _Heard:
    """What was judged so far."""

    judged: dict[str, JudgedPair] = field(default_factory=dict)
    unjudged: dict[str, str] = field(default_factory=dict)
    invalid: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    models: set[str] = field(default_factory=set)
    fruitless: int = 0
    remark: str = ""
    seconds: float = 0.0

    def take(self, pair: SummaryPair, votes: Votes, repeats: int) -> None:
        """Add the votes on a pair."""
        self.invalid += votes.invalid
        self.failed += votes.failed
        self.models |= votes.models
        identical = pair.answer.strip() == pair.recorded.strip()
        found = judged_pair(votes.cast, repeats, identical=identical)
        if found:
            self.judged[pair.sample_id] = found
            self.fruitless = 0
            return
        lost = ", ".join(f"{count} {kind}" for kind, count in sorted(votes.failed.items()))
        self.unjudged[pair.sample_id] = f"{len(votes.cast)} of {2 * repeats} votes ({lost})"
        self.fruitless += 1


class JudgeRunUseCase:
    """Judges one run; call `try_out` before the run and `execute` after it."""

    def __init__(
        self,
        samples: BenchmarkSamples,
        results: ResultStore,
        telemetry: Telemetry,
        progress: Progress,
        *,
        judge: PairJudge,
        identity: JudgeIdentity,
    ) -> None:
        self._samples = samples
        self._results = results
        self._telemetry = telemetry
        self._progress = progress
        self._judge = judge
        self._identity = identity

    async def try_out(self, request: BenchmarkRequest) -> None:
        """Ask for one judgement, so that a judge that cannot judge is told before the run, not after it.

        Raises:
            ToolkitError: The dataset cannot be used, or no judgement came.
        """
        self._progress.report(_SUBJECT, ProgressState.STARTING, detail="asking for one judgement")
        sample = self._load(request)[0]
        await self._judge.try_out(_pair(sample, sample.summary))

    async def execute(self, request: BenchmarkRequest, run: BenchmarkRun) -> BenchmarkRun:
        """Return the run with its judgement, stored in place of the one without.

        Ctrl-C ends the judging: what was judged is kept, and the run says that it was interrupted. Given such
        a run, judges what is missing.

        Raises:
            ToolkitError: What was judged before was judged on other terms.
        """
        heard, started = _heard_before(run.result, request), time.perf_counter()
        pairs = [
            _pair(sample, run.answers[sample.sample_id].text)
            for sample in self._load(request)
            if sample.sample_id in run.answers and not run.answers[sample.sample_id].failed
        ]
        with self._telemetry.span("benchmark.judge", pairs=len(pairs)):
            interrupted = await self._judged(request, run, pairs, heard)
        judgement = self._judgement(request, pairs, heard, time.perf_counter() - started)
        self._tell(judgement)
        result = _with_judgement(run.result, judgement, heard)
        return replace(
            run, result=result, path=self._results.save(result, request.output), interrupted=interrupted
        )

    def _load(self, request: BenchmarkRequest) -> tuple[BenchmarkSample, ...]:
        return self._samples.load(request.scenario, request.dataset_file, None).samples

    async def _judged(
        self, request: BenchmarkRequest, run: BenchmarkRun, pairs: Sequence[SummaryPair], heard: _Heard
    ) -> bool:
        """Judge every pair; return whether that was interrupted."""
        if run.result.overall is Outcome.VOID:
            heard.remark = "not asked, for the run is void"
            return False
        waiting = iter([pair for pair in pairs if pair.sample_id not in heard.judged])
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._identity.max_concurrency):
                    group.create_task(self._take_turns(request, waiting, len(pairs), heard))
        except asyncio.CancelledError:
            heard.remark = INTERRUPTED
            return True
        if heard.fruitless >= FRUITLESS_IN_A_ROW:
            heard.remark = f"given up after {FRUITLESS_IN_A_ROW} pairs in a row without a judgement"
        return False

    async def _take_turns(
        self, request: BenchmarkRequest, waiting: Iterator[SummaryPair], total: int, heard: _Heard
    ) -> None:
        for pair in waiting:
            heard.take(pair, await self._judge.votes(pair, request.judge_repeats), request.judge_repeats)
            done = len(heard.judged) + len(heard.unjudged)
            state = ProgressState.RUNNING
            self._progress.report(_SUBJECT, state, done=done, total=total, detail=pair.sample_id)
            if heard.fruitless >= FRUITLESS_IN_A_ROW:
                return

    def _judgement(
        self, request: BenchmarkRequest, pairs: Sequence[SummaryPair], heard: _Heard, seconds: float
    ) -> PairJudgement:
        terms = JudgeTerms(
            model=", ".join(sorted(heard.models)) or self._identity.model,
            is_tested_model=self._identity.is_tested_model,
            prompt_version=PAIR_JUDGE_PROMPT_VERSION,
            prompt_sha256=PAIR_JUDGE_SHA256,
            temperature=TEMPERATURE,
            repeats=request.judge_repeats,
        )
        return PairJudgement(
            terms=terms,
            pairs=len(pairs),
            invalid_answers=heard.invalid,
            failed_votes=dict(sorted(heard.failed.items())),
            unjudged=heard.unjudged,
            remark=heard.remark,
            seconds=heard.seconds + seconds,
            **figures(tuple(heard.judged.values())),
        )

    def _tell(self, judgement: PairJudgement) -> None:
        self._telemetry.log(
            "error" if judgement.remark else "info",
            "judging finished",
            judged=judgement.judged,
            pairs=judgement.pairs,
            invalid_answers=judgement.invalid_answers,
            remark=judgement.remark,
        )
        self._progress.report(
            _SUBJECT,
            ProgressState.FAILED if judgement.remark else ProgressState.DONE,
            done=judgement.judged,
            total=judgement.pairs,
            detail=judgement.remark,
        )


def _heard_before(result: BenchmarkResult, request: BenchmarkRequest) -> _Heard:
    """Return what an interrupted judging had heard; pairs without a judgement are asked for again."""
    before = result.judgement
    if before is None:
        return _Heard()
    if (before.terms.repeats, before.terms.prompt_sha256) != (request.judge_repeats, PAIR_JUDGE_SHA256):
        what = f"the interrupted judging had {before.terms.repeats} votes in each order, or another prompt"
        raise ToolkitError(what, next_step="give its --judge-repeats, or run without --resume")
    return _Heard(
        judged={sample.sample_id: sample.judged for sample in result.samples if sample.judged},
        invalid=before.invalid_answers,
        failed=Counter(before.failed_votes),
        models=set(before.terms.model.split(", ")),
        seconds=before.seconds,
    )


def _pair(sample: BenchmarkSample, answer: str) -> SummaryPair:
    return SummaryPair(sample.sample_id, source_content(sample.source), answer, sample.summary)


def _with_judgement(result: BenchmarkResult, judgement: PairJudgement, heard: _Heard) -> BenchmarkResult:
    samples = tuple(
        sample.model_copy(update={"judged": heard.judged.get(sample.sample_id)}) for sample in result.samples
    )
    return result.model_copy(update={"judgement": judgement, "samples": samples})
