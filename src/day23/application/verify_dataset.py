"""Use case TL-01: prove that the stored dataset is complete, twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from day23.application.dataset_audit import ChannelAudit, CollectionAudit, audit_channel
from day23.application.dataset_ports import TextFiles
from day23.application.ports import BenchmarkRepository, RecordedDataset, Telemetry
from day23.application.snapshot_folder import DATASET_AUDIT, snapshot_name
from day23.domain.channel import canonical, handle
from day23.domain.content_hash import combined
from day23.domain.errors import ToolkitError
from day23.domain.window import Window

DEFAULT_MINIMUM = 30
MOST_VIOLATIONS = 20
"""Violations per channel that the report quotes; the counts are complete."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to verify.

    Attributes:
        channels: In any spelling; None means those that the seed recorded.
        days: The last so many days of the recorded window; None means all of it.
        minimum: Distinct days each channel must have in both collections.
        report_name: Report file relative to the dataset folder; None means today's snapshot.
    """

    channels: tuple[str, ...] | None = None
    days: int | None = None
    minimum: int = DEFAULT_MINIMUM
    report_name: str | None = None


class ChannelVerdict(BaseModel):
    """One channel of `dataset_audit.json`.

    `..._ok` tells whether there are enough distinct days, `..._missing_fields` counts broken rules.
    """

    model_config = ConfigDict(frozen=True)

    channel: str
    digests: int
    review_reports: int
    digest_days: int
    review_report_days: int
    digests_ok: bool
    review_reports_ok: bool
    digests_missing_fields: int
    review_missing_fields: int
    telegram: int
    synthetic: int
    digests_missing_days: tuple[date, ...]
    review_missing_days: tuple[date, ...]
    violations: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with the channel."""
        enough = self.digests_ok and self.review_reports_ok
        return enough and not self.digests_missing_fields and not self.review_missing_fields


class DatasetAudit(BaseModel):
    """The content of `dataset_audit.json`.

    `content_sha256_xor` is the same for every seed of the same posts, however often it was killed.
    """

    model_config = ConfigDict(frozen=True)

    generated_at: datetime
    days_window: int
    window_start: datetime
    window_end: datetime
    minimum_required: int
    reads_agree: bool
    passed: bool
    documents: int
    content_sha256_xor: str
    channels: tuple[ChannelVerdict, ...]


class VerifySummary(BaseModel):
    """What a verification found, and where its report is."""

    model_config = ConfigDict(frozen=True)

    audit: DatasetAudit
    report: Path
    trace_id: str

    def failures(self) -> tuple[str, ...]:
        """Return one line per channel that falls short, with its days and first violation."""
        verdicts = (verdict for verdict in self.audit.channels if not verdict.passed)
        lines = [_failure(verdict, self.audit.minimum_required) for verdict in verdicts]
        if not self.audit.reads_agree:
            lines.append("two reads of the dataset differ: something is writing to it")
        return tuple(lines)

    def raise_failures(self) -> None:
        """Raise when anything falls short.

        Raises:
            ToolkitError: Names channels and days.
        """
        failures = self.failures()
        if failures:
            raise ToolkitError(
                "the dataset falls short: " + "; ".join(failures),
                where=str(self.report),
                next_step="invoke day23.seed with the source and until of the first seed",
            )


class VerifyDatasetUseCase:
    """Reads the dataset twice and judges what it found."""

    def __init__(
        self,
        *,
        repository: BenchmarkRepository,
        snapshots: TextFiles,
        telemetry: Telemetry,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._snapshots = snapshots
        self._telemetry = telemetry
        self._clock = clock

    def execute(self, request: VerifyRequest) -> VerifySummary:
        """Audit the dataset and write `dataset_audit.json`, whatever the outcome.

        Raises:
            ToolkitError: No dataset was seeded, or MongoDB does not answer.
        """
        recorded = self._recorded()
        window = _last_days(recorded.window, request.days)
        channels = tuple(map(canonical, request.channels or recorded.channels))
        first = self._read("verify.first", channels, window)
        second = self._read("verify.second", channels, window)
        audit = self._judge(first, window, request.minimum, reads_agree=first == second)
        name = request.report_name or snapshot_name(audit.generated_at, DATASET_AUDIT)
        report = self._snapshots.write(name, audit.model_dump_json(indent=2) + "\n")
        return VerifySummary(audit=audit, report=report, trace_id=self._telemetry.trace_id)

    def _recorded(self) -> RecordedDataset:
        recorded = self._repository.recorded_dataset()
        if recorded is None:
            raise ToolkitError("no dataset has been seeded", next_step="invoke day23.seed")
        return recorded

    def _read(self, span: str, channels: tuple[str, ...], window: Window) -> list[ChannelAudit]:
        with self._telemetry.span(span):
            return [audit_channel(self._repository, channel, window) for channel in channels]

    def _judge(
        self, audits: list[ChannelAudit], window: Window, minimum: int, *, reads_agree: bool
    ) -> DatasetAudit:
        verdicts = tuple(_verdict(audit, minimum) for audit in audits)
        for verdict in verdicts:
            self._log(verdict)
        content = combined(
            found.content for audit in audits for found in (audit.digests, audit.review_reports)
        )
        return DatasetAudit(
            generated_at=self._clock(),
            days_window=len(window.days),
            window_start=window.start,
            window_end=window.end,
            minimum_required=minimum,
            reads_agree=reads_agree,
            passed=reads_agree and all(verdict.passed for verdict in verdicts),
            documents=content.documents,
            content_sha256_xor=content.sha256_xor,
            channels=verdicts,
        )

    def _log(self, verdict: ChannelVerdict) -> None:
        self._telemetry.log(
            "info" if verdict.passed else "error",
            "channel verified" if verdict.passed else "channel falls short",
            channel=canonical(verdict.channel),
            digests=verdict.digests,
            review_reports=verdict.review_reports,
        )


def _last_days(window: Window, days: int | None) -> Window:
    if days is None or days >= len(window.days):
        return window
    return Window.ending_with(window.end - timedelta(days=1), days)


def _verdict(audit: ChannelAudit, minimum: int) -> ChannelVerdict:
    digests, reports = audit.digests, audit.review_reports
    return ChannelVerdict(
        channel=handle(audit.channel),
        digests=digests.documents,
        review_reports=reports.documents,
        digest_days=_distinct_days(digests, audit.window),
        review_report_days=_distinct_days(reports, audit.window),
        digests_ok=_distinct_days(digests, audit.window) >= minimum,
        review_reports_ok=_distinct_days(reports, audit.window) >= minimum,
        digests_missing_fields=len(digests.violations),
        review_missing_fields=len(reports.violations),
        telegram=digests.provenance.get("telegram", 0),
        synthetic=digests.provenance.get("synthetic", 0),
        digests_missing_days=digests.missing_days,
        review_missing_days=reports.missing_days,
        violations=(digests.violations + reports.violations)[:MOST_VIOLATIONS],
    )


def _distinct_days(found: CollectionAudit, window: Window) -> int:
    return len(window.days) - len(found.missing_days)


def _failure(verdict: ChannelVerdict, minimum: int) -> str:
    parts = []
    if not verdict.digests_ok:
        parts.append(_shortfall("digests", verdict.digest_days, minimum, verdict.digests_missing_days))
    if not verdict.review_reports_ok:
        missing = verdict.review_missing_days
        parts.append(_shortfall("review reports", verdict.review_report_days, minimum, missing))
    if verdict.violations:
        broken = verdict.digests_missing_fields + verdict.review_missing_fields
        parts.append(f"{broken} fields break their rules, the first: {verdict.violations[0]}")
    return f"{verdict.channel}: {', '.join(parts)}"


def _shortfall(what: str, days: int, minimum: int, missing: tuple[date, ...]) -> str:
    named = f", none on {', '.join(map(str, missing))}" if missing else ""
    return f"{days} of {minimum} days have {what}{named}"
