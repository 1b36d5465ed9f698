"""What the report needs from the outside: the run's evidence files, and the running stack."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from day23.application.export_dataset import ExportSummary
from day23.application.seed_summary import SeedSummary
from day23.application.verify_dataset import DatasetAudit
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.live_values import LogLine, Series, Span
from day23.domain.run_report import DayRow, ServiceRow


class RunEvidence(Protocol):
    """The files that the steps of one run left behind; None where a step did not run.

    Each method raises ToolkitError when its file is damaged.
    """

    def seed(self) -> SeedSummary | None:
        """Return what seeding did."""
        ...

    def audit(self) -> DatasetAudit | None:
        """Return what verification found."""
        ...

    def export(self) -> ExportSummary | None:
        """Return what was exported."""
        ...

    def benchmarks(self) -> tuple[BenchmarkResult, ...]:
        """Return every benchmark result, by file name."""
        ...

    def days(self, export: ExportSummary) -> tuple[DayRow, ...]:
        """Return the posts behind every exported digest."""
        ...


class LiveStack(Protocol):
    """The running stack. Each method raises ToolkitError when what it asks does not answer."""

    def services(self) -> tuple[ServiceRow, ...]:
        """Return every service that was ever converged, by name."""
        ...

    def urls(self) -> Mapping[str, str]:
        """Return the pages a person opens, by name."""
        ...

    def instant(self, promql: str) -> tuple[Series, ...]:
        """Return the series of an instant query."""
        ...

    def lines(self, logql: str, start: datetime, end: datetime) -> tuple[LogLine, ...]:
        """Return the log lines of a query, oldest first."""
        ...

    def spans(self, trace_id: str) -> tuple[Span, ...]:
        """Return the spans of a trace, by start time."""
        ...

    def textfile_times(self) -> Mapping[str, float]:
        """Return when each metrics file was written, as Unix seconds by file name."""
        ...

    def written_lines(self, trace_id: str) -> int:
        """Return how many log lines of the trace were written to files."""
        ...
