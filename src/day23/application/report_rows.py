"""Turns the summaries of the steps into the rows of a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from day23.application.export_dataset import ExportSummary
from day23.application.seed_summary import SeedSummary
from day23.application.verify_dataset import DatasetAudit
from day23.domain.benchmark_result import BenchmarkResult, MetricResult, SampleResult
from day23.domain.channel import handle
from day23.domain.live_values import Span
from day23.domain.run_report import (
    AuditRow,
    BenchmarkRow,
    ChannelRow,
    DayRow,
    ExportRow,
    MetricRow,
    TimingRow,
)
from day23.domain.scenario import LATENCY

BRING_UP = "bring the stack up"
REPORT = "wait for fresh values of this report"
REST = "run the playbooks themselves"


@dataclass(frozen=True, slots=True)
class EvidenceRows:
    """What the evidence files say; None where a step left none."""

    seed: SeedSummary | None
    audit: DatasetAudit | None
    export: ExportSummary | None
    benchmarks: tuple[BenchmarkResult, ...] | None
    days: tuple[DayRow, ...] | None

    @property
    def sections(self) -> dict[str, Any]:
        """The sections of `RunReport` that come from files."""
        window = self.seed or self.audit
        return {
            "window_start": window.window_start if window else None,
            "window_end": window.window_end if window else None,
            "channels": channels(self.seed) if self.seed else None,
            "audit": audit(self.audit) if self.audit else None,
            "exports": exports(self.export) if self.export else None,
            "benchmarks": tuple(map(benchmark, self.benchmarks)) if self.benchmarks else None,
            "days": self._ordered_days(),
            "notes": self._notes(),
        }

    def _ordered_days(self) -> tuple[DayRow, ...] | None:
        """Return the days with the channels in the order of the seed."""
        if not self.days or not self.seed:
            return self.days
        order = [handle(item.channel) for item in self.seed.channels]
        rank = {channel: place for place, channel in enumerate(order)}
        return tuple(sorted(self.days, key=lambda row: (rank.get(row.channel, len(rank)), row.day)))

    def _notes(self) -> tuple[str, ...]:
        notes = self.seed.notes if self.seed else ()
        if self.audit and not self.audit.reads_agree:
            notes += ("two reads of the dataset differ: something was writing to it",)
        return notes

    @property
    def timings(self) -> tuple[TimingRow, ...]:
        """Durations that the summaries state, for a stack whose spans cannot be read."""
        found = [("seed", self.seed.duration_seconds)] if self.seed else []
        found += [("export", sum(self.export.duration_seconds.values()))] if self.export else []
        found += [
            (f"benchmark {result.scenario_id} {result.metadata.mode}", result.metadata.duration_seconds)
            for result in self.benchmarks or ()
        ]
        return tuple(TimingRow(step=step, seconds=seconds) for step, seconds in found)


def channels(seed: SeedSummary) -> tuple[ChannelRow, ...]:
    """Return one row per seeded channel."""
    return tuple(
        ChannelRow(
            channel=handle(item.channel),
            digests=item.stored.digests,
            review_reports=item.stored.review_reports,
            telegram=item.stored.telegram,
            synthetic=item.stored.synthetic,
            posts_read=item.posts.read,
            posts_used=item.posts.used,
        )
        for item in seed.channels
    )


def audit(found: DatasetAudit) -> tuple[AuditRow, ...]:
    """Return one row per verified channel."""
    return tuple(
        AuditRow(
            channel=handle(item.channel),
            passed=item.passed,
            digests=item.digests,
            review_reports=item.review_reports,
            missing_days=tuple(sorted({*item.digests_missing_days, *item.review_missing_days})),
            violations=item.digests_missing_fields + item.review_missing_fields,
        )
        for item in found.channels
    )


def exports(summary: ExportSummary) -> tuple[ExportRow, ...]:
    """Return one row per exported file."""
    return tuple(
        ExportRow(
            exporter=entry.exporter,
            path=str(summary.folder / entry.name),
            documents=entry.documents,
            bytes=entry.bytes,
            sha256=entry.sha256,
            content_sha256=entry.content_sha256,
            provenance=entry.provenance,
            seconds=summary.duration_seconds.get(entry.exporter),
        )
        for entry in summary.files
    )


def benchmark(result: BenchmarkResult) -> BenchmarkRow:
    """Return one row per benchmark run."""
    return BenchmarkRow(
        scenario=result.scenario_id,
        dataset=result.dataset_id,
        mode=result.metadata.mode,
        overall=result.overall,
        metrics=tuple(map(_metric, result.metrics)),
        samples=result.metadata.asked_count,
        failed=result.metadata.failed_count,
        model=result.metadata.model_name,
        judge=result.metadata.judge_model,
        seconds=result.metadata.duration_seconds,
        latency_p50=result.latency.p50 if result.latency else None,
        latency_p95=result.latency.p95 if result.latency else None,
        latencies=tuple(_latencies(result.samples)),
        first_tokens=tuple(
            sample.first_token_seconds for sample in result.samples if sample.first_token_seconds is not None
        ),
    )


def _metric(found: MetricResult) -> MetricRow:
    return MetricRow(
        name=found.name,
        value=found.value,
        aggregate=found.aggregate,
        passes=found.passes,
        warns=found.warns,
        outcome=found.outcome,
    )


def _latencies(samples: Iterable[SampleResult]) -> Iterable[float]:
    for sample in samples:
        yield from (metric.value for metric in sample.metrics if metric.name == LATENCY)


def timings(
    spans: Sequence[Span], started: datetime | None, report_began: datetime, now: datetime
) -> tuple[TimingRow, ...]:
    """Return how long each program of the run took, in order of their first start.

    The time before the first program is what bringing the stack up took, the time since
    `report_began` what gathering fresh values for the report took; the rest is the playbooks' own.
    """
    roots = [span for span in spans if span.parent_id is None and span.start_time < report_began]
    if not roots:
        return ()
    seconds: dict[str, float] = {}
    if started and roots[0].start_time > started:
        seconds[BRING_UP] = (roots[0].start_time - started).total_seconds()
    for span in roots:
        seconds[span.name] = seconds.get(span.name, 0.0) + span.duration_ms / 1000
    seconds[REPORT] = (now - report_began).total_seconds()
    if started:
        seconds[REST] = max(0.0, (now - started).total_seconds() - sum(seconds.values()))
    return tuple(TimingRow(step=step, seconds=round(value, 3)) for step, value in seconds.items())
