"""Use case TL-01: one digest and one review report per channel and day, in MongoDB."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from day23.application.channel_seeder import ChannelSeeder, SeededChannel
from day23.application.dataset_audit import ChannelAudit, CollectionAudit, audit_channel
from day23.application.dataset_ports import PostSource, TextFiles
from day23.application.judge_review import FEWEST_VOTES
from day23.application.ports import (
    BenchmarkRepository,
    ChatModel,
    Collection,
    Progress,
    ProgressState,
    RecordedDataset,
    Telemetry,
)
from day23.application.seed_material import ChannelMaterial, SeedMaterial, gather_material
from day23.application.seed_summary import (
    ChannelSummary,
    PostCounts,
    Rejection,
    SeedSummary,
    StoredCounts,
    channel_counts_json,
    reject_lines,
)
from day23.application.snapshot_folder import CHANNEL_COUNTS, REJECTS, SEED_RECORD, snapshot_name
from day23.domain.channel import handle
from day23.domain.content_hash import combined
from day23.domain.errors import UsageError
from day23.domain.synthetic_posts import SEED
from day23.domain.window import Window

DEFAULT_DAYS = 30
DEFAULT_FLAGS = {"enable_quality_evaluation": True, "enable_async_long_summarization": True}

RECORDS_METRICS: Mapping[Collection, str] = {
    Collection.DIGESTS: "benchmark_digest_records_total",
    Collection.REVIEW_REPORTS: "benchmark_review_records_total",
}


@dataclass(frozen=True, slots=True)
class SeedRequest:
    """What to seed.

    Attributes:
        channels: In any spelling; None takes those of the source, else the product owner's five.
        until: `auto`, `now`, a date or an ISO moment; None means now.
        feature_flags: Written into every digest.
        judge_votes: How often the model judges each digest; 0 for not at all, else at least 3.
    """

    channels: tuple[str, ...] | None = None
    days: int = DEFAULT_DAYS
    until: str | None = None
    max_concurrency: int = 4
    feature_flags: Mapping[str, bool] = field(default_factory=lambda: dict(DEFAULT_FLAGS))
    judge_votes: int = 0

    def __post_init__(self) -> None:
        if self.judge_votes and self.judge_votes < FEWEST_VOTES:
            raise UsageError(
                f"{self.judge_votes} votes are no majority",
                where="judge votes",
                next_step=f"use 0, or at least {FEWEST_VOTES}",
            )


class SeedBenchmarkDataUseCase:
    """Seeds the dataset; running it again, or after a kill, finishes and changes nothing else.

    Args:
        source: Real posts; None seeds the synthetic set.
        snapshots: The dataset folder.
        clock: The present, tz-aware.
    """

    def __init__(
        self,
        *,
        repository: BenchmarkRepository,
        model: ChatModel,
        source: PostSource | None,
        snapshots: TextFiles,
        telemetry: Telemetry,
        progress: Progress,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._model = model
        self._source = source
        self._snapshots = snapshots
        self._telemetry = telemetry
        self._progress = progress
        self._clock = clock

    async def execute(self, request: SeedRequest) -> SeedSummary:
        """Store what is missing, write the snapshot, record the window.

        Raises:
            ToolkitError: A source file cannot be used, or the model or MongoDB failed.
        """
        started = time.monotonic()
        material = self._material(request)
        self._repository.enforce_rules()
        seeder = ChannelSeeder(
            self._repository,
            self._model,
            self._progress,
            max_concurrency=request.max_concurrency,
            flags=request.feature_flags,
            telemetry=self._telemetry,
            judge_votes=request.judge_votes,
        )
        seeded = [await self._seed_channel(seeder, channel, material) for channel in material.channels]
        summary = self._conclude(material, seeded, started)
        record = snapshot_name(self._clock(), SEED_RECORD)
        self._snapshots.write(record, summary.model_dump_json(indent=2) + "\n")
        return summary

    def _material(self, request: SeedRequest) -> SeedMaterial:
        with self._telemetry.span("seed.read"):
            return gather_material(self._source, request.channels, request.until, request.days, self._clock())

    async def _seed_channel(
        self, seeder: ChannelSeeder, channel: ChannelMaterial, material: SeedMaterial
    ) -> SeededChannel:
        name = handle(channel.channel)
        self._progress.report(name, ProgressState.STARTING, done=0, total=len(channel.days))
        with self._telemetry.span("seed.channel", channel=channel.channel):
            seeded = await seeder.seed(channel, material.window)
        state = ProgressState.FAILED if seeded.rejected else ProgressState.DONE
        stored, planned = seeded.digests.stored + seeded.digests.unchanged, seeded.digests.planned
        self._progress.report(name, state, done=stored, total=planned, detail="digests and review reports")
        self._log_channel(channel, seeded)
        return seeded

    def _log_channel(self, channel: ChannelMaterial, seeded: SeededChannel) -> None:
        self._telemetry.log(
            "warning" if seeded.rejected else "info",
            "channel seeded",
            channel=channel.channel,
            digests_stored=seeded.digests.stored,
            digests_unchanged=seeded.digests.unchanged,
            digests_rejected=seeded.digests.rejected,
            review_reports_stored=seeded.review_reports.stored,
            posts_read=channel.posts.counts.read,
            posts_used=channel.posts.counts.used,
        )

    def _conclude(self, material: SeedMaterial, seeded: list[SeededChannel], started: float) -> SeedSummary:
        audits = [self._audit(channel.channel, material.window) for channel in material.channels]
        channels = tuple(map(_channel_summary, material.channels, seeded, audits))
        now, window = self._clock(), material.window
        content = channel_counts_json(channels, window, now)
        snapshot = self._snapshots.write(snapshot_name(now, CHANNEL_COUNTS), content)
        rejected = tuple(rejection for channel in seeded for rejection in channel.rejected)
        names = tuple(channel.channel for channel in material.channels)
        self._repository.record_dataset(RecordedDataset(window, names, now))
        stored = combined(found.content for audit in audits for found in _by_collection(audit).values())
        return SeedSummary(
            window_start=window.start,
            window_end=window.end,
            channels=channels,
            rejected=rejected,
            skipped_files=tuple(_skipped_files(material)),
            notes=tuple(_notes(material, seeded)),
            snapshot=snapshot,
            rejects=self._write_rejects(material, rejected, now),
            duration_seconds=round(time.monotonic() - started, 3),
            trace_id=self._telemetry.trace_id,
            documents=stored.documents,
            content_sha256_xor=stored.sha256_xor,
            synthetic_seed=SEED,
        )

    def _write_rejects(self, material: SeedMaterial, documents: tuple[Rejection, ...], now: datetime) -> Path:
        messages = (
            (handle(channel.channel), message)
            for channel in material.channels
            for message in channel.posts.rejections()
        )
        content = "".join(reject_lines(messages, documents))
        return self._snapshots.write(snapshot_name(now, REJECTS), content)

    def _audit(self, channel: str, window: Window) -> ChannelAudit:
        audit = audit_channel(self._repository, channel, window)
        self._measure(audit)
        return audit

    def _measure(self, audit: ChannelAudit) -> None:
        for collection, found in _by_collection(audit).items():
            self._telemetry.measure(RECORDS_METRICS[collection], found.documents, channel=audit.channel)
            for provenance in ("telegram", "synthetic"):
                self._telemetry.measure(
                    "benchmark_dataset_documents",
                    found.provenance.get(provenance, 0),
                    collection=collection.value,
                    channel=audit.channel,
                    provenance=provenance,
                )


def _by_collection(audit: ChannelAudit) -> Mapping[Collection, CollectionAudit]:
    return {Collection.DIGESTS: audit.digests, Collection.REVIEW_REPORTS: audit.review_reports}


def _skipped_files(material: SeedMaterial) -> Iterator[dict[str, str]]:
    skipped = (skipped for channel in material.channels for skipped in channel.posts.skipped_files)
    yield from ({"path": file.path, "reason": file.reason} for file in dict.fromkeys(skipped))


def _notes(material: SeedMaterial, seeded: list[SeededChannel]) -> Iterator[str]:
    for channel, made in zip(material.channels, seeded, strict=True):
        name, counts = handle(channel.channel), channel.posts.counts
        yield from channel.posts.notes
        if counts.outside_window and not counts.used:
            yield (
                f"none of the {counts.outside_window} posts of {name} lies in the window, so all its days "
                "are synthetic; until=auto ends the window with the last post"
            )
        if made.digests.replaced:
            yield f"{made.digests.replaced} days of {name} were synthetic and have real posts now: replaced"


def _channel_summary(material: ChannelMaterial, seeded: SeededChannel, audit: ChannelAudit) -> ChannelSummary:
    return ChannelSummary(
        channel=handle(material.channel),
        posts=PostCounts.model_validate(material.posts.counts, from_attributes=True),
        digests=seeded.digests,
        review_reports=seeded.review_reports,
        stored=StoredCounts(
            digests=audit.digests.documents,
            review_reports=audit.review_reports.documents,
            telegram=audit.digests.provenance.get("telegram", 0),
            synthetic=audit.digests.provenance.get("synthetic", 0),
        ),
        short_days=tuple(day for day in material.days if material.plan(day).note),
    )
