"""A report is made of whatever can be read, waits for what is on its way, and never fails the run."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from day23.application.export_dataset import ExportSummary
from day23.application.null_telemetry import NullTelemetry
from day23.application.report_rows import BRING_UP, REPORT, REST
from day23.application.report_run import NOT_RUN, ReportRequest, ReportRunUseCase, started_at
from day23.application.seed_summary import (
    ChannelSummary,
    DocumentCounts,
    PostCounts,
    SeedSummary,
    StoredCounts,
)
from day23.application.verify_dataset import DatasetAudit
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.errors import ToolkitError
from day23.domain.live_values import LogLine, Series, Span
from day23.domain.run_report import DayRow, RunReport, ServiceRow

TRACE = "a" * 32
REQUEST = ReportRequest("20251120T101500Z-9f2c41", TRACE, patience_seconds=0.2)
START = datetime(2025, 11, 20, 10, 15, tzinfo=UTC)


def seed_summary() -> SeedSummary:
    counts = DocumentCounts(planned=30, stored=30, unchanged=0, rejected=0)
    channel = ChannelSummary(
        channel="onaboka",
        posts=PostCounts(read=90, used=80, outside_window=10),
        digests=counts,
        review_reports=counts,
        stored=StoredCounts(digests=30, review_reports=29, telegram=28, synthetic=2),
        short_days=(),
    )
    return SeedSummary(
        window_start=START - timedelta(days=30),
        window_end=START,
        channels=(channel, channel.model_copy(update={"channel": "ctorecords"})),
        rejected=(),
        skipped_files=(),
        notes=("one file was skipped",),
        snapshot=Path("/data"),
        duration_seconds=7.5,
        trace_id=TRACE,
    )


class Files:
    """Evidence of a run that was killed after seeding."""

    def __init__(self, seed: SeedSummary | None = None) -> None:
        self._seed = seed

    def seed(self) -> SeedSummary | None:
        return self._seed

    def audit(self) -> DatasetAudit | None:
        return None

    def export(self) -> ExportSummary | None:
        raise ToolkitError("export.json is damaged", where="/evidence/export.json")

    def benchmarks(self) -> tuple[BenchmarkResult, ...]:
        return ()

    def days(self, export: ExportSummary) -> tuple[DayRow, ...]:
        raise AssertionError("there is no export")


class Stack:
    """A stack whose Prometheus and Loki get to know things one question later than they happen."""

    def __init__(self) -> None:
        self.known_lines = 0
        self.scraped_at = 100.0
        self.down: set[str] = set()

    def _answer(self, service: str) -> None:
        if service in self.down:
            raise ToolkitError("no answer: connection refused", where=service)

    def services(self) -> tuple[ServiceRow, ...]:
        self._answer("services")
        return ()

    def urls(self) -> Mapping[str, str]:
        return {"Loki": "http://127.0.0.1:3100"}

    def instant(self, promql: str) -> tuple[Series, ...]:
        self._answer("prometheus")
        if promql == "node_textfile_mtime_seconds":
            self.scraped_at += 1
            return (Series(labels={"file": "/run/metrics/seed.prom"}, value=self.scraped_at),)
        return (Series(labels={"__name__": promql}, value=1),)

    def lines(self, logql: str, start: datetime, end: datetime) -> tuple[LogLine, ...]:
        self._answer("loki")
        assert TRACE in logql
        assert start == START < end
        self.known_lines += 1
        line = LogLine(timestamp=START, labels={"service": "seed"}, text="{}")
        return (line,) * self.known_lines

    def spans(self, trace_id: str) -> tuple[Span, ...]:
        self._answer("mongodb")
        return tuple(
            Span(
                span_id=name,
                trace_id=trace_id,
                parent_id=None if name in {"seed", "verify"} else "seed",
                name=name,
                service="seed",
                start_time=START + timedelta(seconds=after),
                duration_ms=2000,
                status="ok",
            )
            for name, after in (("seed", 20), ("seed.channel", 21), ("verify", 23))
        )

    def textfile_times(self) -> Mapping[str, float]:
        return {"seed.prom": 103.7}

    def written_lines(self, trace_id: str) -> int:
        return 3


def report(files: Files, stack: Stack, request: ReportRequest = REQUEST) -> RunReport:
    return ReportRunUseCase(files, stack, NullTelemetry(), pause=lambda _: None).execute(request)


def test_it_waits_until_loki_and_prometheus_know_what_was_written() -> None:
    stack = Stack()
    found = report(Files(), stack)
    assert found.logs is not None
    assert (found.logs.found, found.logs.written) == (3, 3)
    assert stack.scraped_at == 103
    assert not {"logs", "freshness", "live", "spans"} & found.gaps.keys()


def test_patience_ends_and_the_report_says_what_is_old() -> None:
    stack = Stack()
    stack.scraped_at = -1e9
    found = report(Files(), stack)
    assert found.gaps["freshness"] == "not reachable: Prometheus has not scraped seed.prom yet"
    assert all(query.series for query in found.live)


def test_seeded_channels_are_told_with_their_origin() -> None:
    found = report(Files(seed_summary()), Stack())
    assert found.channels is not None
    row = found.channels[0]
    assert (row.channel, row.digests, row.review_reports, row.telegram, row.synthetic) == (
        "@onaboka",
        30,
        29,
        28,
        2,
    )
    assert found.synthetic_share == pytest.approx(2 / 30)
    assert found.notes == ("one file was skipped",)


def test_missing_and_damaged_evidence_are_gaps() -> None:
    found = report(Files(), Stack())
    assert found.channels is None
    assert found.exports is None
    assert found.gaps["channels"] == found.gaps["audit"] == found.gaps["benchmarks"] == NOT_RUN
    assert found.gaps["exports"] == "export.json is damaged (/evidence/export.json)"


def test_services_that_are_down_are_gaps() -> None:
    stack = Stack()
    stack.down = {"prometheus", "loki", "mongodb", "services"}
    found = report(Files(seed_summary()), stack)
    for section in ("live", "logs", "spans", "services"):
        assert found.gaps[section].startswith("not reachable: no answer: connection refused")
    assert all(query.series is None for query in found.live)
    assert found.logs is found.spans is found.services is None


def test_time_is_told_per_program_and_adds_up() -> None:
    found = report(Files(), Stack())
    assert [row.step for row in found.timings] == [BRING_UP, "seed", "verify", REPORT, REST]
    assert [row.seconds for row in found.timings][:3] == [20, 2, 2]
    assert sum(row.seconds for row in found.timings) == pytest.approx(found.total_seconds, abs=0.01)


def test_without_spans_the_summaries_tell_the_time() -> None:
    stack = Stack()
    stack.down = {"mongodb"}
    assert [(row.step, row.seconds) for row in report(Files(seed_summary()), stack).timings] == [
        ("seed", 7.5)
    ]


def test_a_run_without_trace_id_has_no_logs_and_spans() -> None:
    found = report(Files(), Stack(), ReportRequest("by-hand", None, 0.0))
    assert found.logs is found.spans is found.total_seconds is None
    assert found.gaps["logs"] == found.gaps["spans"] == "the run has no trace id"


@pytest.mark.parametrize("name", ["", "by-hand", "20251399T101500Z-x"])
def test_a_name_without_a_time_has_no_start(name: str) -> None:
    assert started_at(name) is None
