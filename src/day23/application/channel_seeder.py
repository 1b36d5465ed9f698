"""Seed one channel: digests by the model, then the review of every stored digest."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from day23.application.judge_review import judge_by_vote
from day23.application.ports import (
    BenchmarkRepository,
    ChatModel,
    ChatReply,
    ChatRequest,
    Collection,
    DatasetQuery,
    Document,
    Progress,
    ProgressState,
    SeedProgress,
    Telemetry,
)
from day23.application.seed_material import ChannelMaterial
from day23.application.seed_pace import Pace
from day23.application.seed_summary import DocumentCounts, Rejection
from day23.domain.benchmark_dataset import missing_fields
from day23.domain.channel import handle
from day23.domain.dataset_documents import (
    digest_document,
    report_document,
    with_model_judgement,
    with_review_latency,
)
from day23.domain.digest_prompt import build_digest_prompt
from day23.domain.seed_plan import DayPlan
from day23.domain.window import Window

WAVES_PER_BATCH = 4
"""A batch is this many times the concurrency: few waits at its end, little lost by a kill."""

REVIEWS_PER_BATCH = 50


@dataclass(slots=True)
class _Tally:
    """Counts of one collection while it is being seeded."""

    collection: Collection
    planned: int
    stored: int = 0
    unchanged: int = 0
    replaced: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    def counts(self) -> DocumentCounts:
        return DocumentCounts(
            planned=self.planned,
            stored=self.stored,
            unchanged=self.unchanged,
            rejected=self.planned - self.stored - self.unchanged,
            replaced=self.replaced,
        )


@dataclass(frozen=True, slots=True)
class SeededChannel:
    """What became of one channel's documents."""

    digests: DocumentCounts
    review_reports: DocumentCounts
    rejected: tuple[Rejection, ...]


class ChannelSeeder:
    """Makes and stores what is missing; what is stored already costs no call to the model.

    A synthetic document gives way when its day has real posts now; a real one is never touched.

    No model call is under way while documents are computed and stored, so that measured latencies
    contain the model's time only.

    Args:
        max_concurrency: Calls to the model at a time.
        flags: Feature flags that digests carry.
        telemetry: Of the run: counts and times every review; its trace id goes into the progress records.
        judge_votes: How often the model judges each digest; 0 leaves that to the formulas alone.
        timer: Monotonic seconds, to measure how long a review takes.
    """

    def __init__(
        self,
        repository: BenchmarkRepository,
        model: ChatModel,
        progress: Progress,
        *,
        max_concurrency: int,
        flags: Mapping[str, bool],
        telemetry: Telemetry,
        judge_votes: int = 0,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._repository = repository
        self._model = model
        self._progress = progress
        self._flags = flags
        self._telemetry = telemetry
        self._judge_votes = judge_votes
        self._timer = timer
        self._concurrency = max_concurrency
        self._places = asyncio.Semaphore(max_concurrency)

    async def seed(self, material: ChannelMaterial, window: Window) -> SeededChannel:
        """Store what is missing of one channel.

        Raises:
            ToolkitError: The model or MongoDB failed; what was stored before stays.
        """
        digests = await self._seed_digests(material, window)
        reports = await self._seed_reports(material, window)
        rejected = (*digests.rejections, *reports.rejections)
        return SeededChannel(digests.counts(), reports.counts(), rejected)

    async def _seed_digests(self, material: ChannelMaterial, window: Window) -> _Tally:
        keys = material.keys(Collection.DIGESTS)
        stored = self._repository.provenances(Collection.DIGESTS, list(keys.values()))
        kept = {
            day for day, key in keys.items() if not _is_wanted(stored.get(key), day in material.posts.days)
        }
        tally = _Tally(Collection.DIGESTS, planned=len(keys), unchanged=len(kept))
        pace = Pace(len(keys) - len(kept), self._timer)
        missing = (material.plan(day) for day in keys if day not in kept)
        for batch in _batches(missing, self._concurrency * WAVES_PER_BATCH):
            replies = await asyncio.gather(*(self._ask(plan) for plan in batch))
            documents = [self._digest(plan, reply) for plan, reply in zip(batch, replies, strict=True)]
            self._store(documents, stored, window, tally)
            self._report(material.channel, tally, pace.after(len(batch)), "digests")
        return tally

    async def _seed_reports(self, material: ChannelMaterial, window: Window) -> _Tally:
        days = material.keys(Collection.REVIEW_REPORTS)
        keys = {digest: days[day] for day, digest in material.keys(Collection.DIGESTS).items()}
        stored = self._repository.provenances(Collection.REVIEW_REPORTS, list(keys.values()))
        tally = _Tally(Collection.REVIEW_REPORTS, planned=len(keys))
        pace = Pace(len(keys), self._timer)
        query = DatasetQuery(window=window, channel=material.channel)
        digests = (
            digest for digest in self._repository.find(Collection.DIGESTS, query) if digest["_id"] in keys
        )
        for batch in _batches(digests, REVIEWS_PER_BATCH):
            unreviewed = [
                digest for digest in batch if stored.get(keys[digest["_id"]]) != digest.get("provenance")
            ]
            tally.unchanged += len(batch) - len(unreviewed)
            reports = [await self._reviewed(digest) for digest in unreviewed]
            self._store(reports, stored, window, tally)
            self._report(material.channel, tally, pace.after(len(batch)), "review reports")
        return tally

    async def _ask(self, plan: DayPlan) -> ChatReply:
        prompt = build_digest_prompt(plan.channel, plan.day, [post.text for post in plan.posts])
        async with self._places:
            return await self._model.complete(ChatRequest(prompt.system, prompt.user))

    def _digest(self, plan: DayPlan, reply: ChatReply) -> Document:
        return digest_document(plan, reply.text.strip(), reply.model, reply.latency_seconds, self._flags)

    async def _reviewed(self, digest: Document) -> Document:
        started, status = self._timer(), "error"
        try:
            report = await self._review(digest)
            status = "success"
        finally:
            self._telemetry.measure("review_tasks_total", 1, status=status)
        self._telemetry.measure("review_pipeline_duration_seconds", self._timer() - started)
        return report

    async def _review(self, digest: Document) -> Document:
        started = self._timer()
        report = report_document(digest)
        reviewed = with_review_latency(report, self._timer() - started)
        if not self._judge_votes:
            return reviewed
        posts = [post["text"] for post in digest["posts"]]
        judgement = await judge_by_vote(self._model, posts, digest["summary_markdown"], self._judge_votes)
        return with_model_judgement(reviewed, judgement)

    def _store(
        self, documents: Sequence[Document], stored: Mapping[str, str], window: Window, tally: _Tally
    ) -> None:
        sound = []
        for document in documents:
            problems = missing_fields(document, tally.collection, window)
            if problems:
                tally.rejections.append(_rejection(tally.collection, document, problems))
            else:
                sound.append(document)
        known = [document for document in sound if document["_id"] in stored]
        new = [document for document in sound if document["_id"] not in stored]
        replaced = self._repository.replace_synthetic(tally.collection, known)
        inserted = self._repository.insert_missing(tally.collection, new)
        tally.replaced += replaced
        tally.stored += replaced + inserted
        tally.unchanged += len(sound) - replaced - inserted

    def _report(self, channel: str, tally: _Tally, pace: str, what: str) -> None:
        done = tally.stored + tally.unchanged
        progress = SeedProgress(channel, tally.collection, done, tally.planned, self._telemetry.trace_id)
        self._repository.record_progress(progress)
        detail = f"{what}, {pace}" if pace else what
        self._progress.report(
            handle(channel), ProgressState.RUNNING, done=done, total=tally.planned, detail=detail
        )


def _is_wanted(stored: str | None, has_posts: bool) -> bool:
    """Tell whether a day's digest has to be made, given the provenance of the one that is stored."""
    return stored is None or (stored == "synthetic" and has_posts)


def _rejection(collection: Collection, document: Document, problems: tuple[str, ...]) -> Rejection:
    channel = document["channel" if collection is Collection.DIGESTS else "assignment_id"]
    day = document["window"]["start"].date()
    return Rejection(channel=channel, collection=collection, day=day, problems=problems)


Item = TypeVar("Item")


def _batches(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while batch := list(islice(items, size)):
        yield batch
