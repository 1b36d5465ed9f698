"""Tools that ask the running stack: read-only, and bounded in range, size and time."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field

from day23.domain.bootstrap_report import StepStatus
from day23.domain.live_values import LogLine, Series
from day23.domain.query_bounds import LONGEST_QUERY, check_query
from day23.wiring.mcp_server import StackAccess

MOST_SERIES = 200
SHOWN_LINE = 2000

Query = Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY)]
Minutes = Annotated[int, Field(ge=1, le=1440, description="How far back from now.")]
Lines = Annotated[int, Field(ge=1, le=200, description="Most lines to return, the newest.")]


class SeriesAnswer(BaseModel):
    """Values now; `complete` is false where more series matched than are shown."""

    series: list[Series]
    complete: bool


class LinesAnswer(BaseModel):
    """Log lines, oldest first."""

    lines: list[LogLine]


class RestartVerdicts(BaseModel):
    """Verdicts of restart validations, newest first; empty with a note when none has run yet."""

    verdicts: list[dict[str, Any]]
    note: str


class StackHealth(BaseModel):
    """Whether the services that the tools need answer."""

    services: tuple[StepStatus, ...]


@dataclass(frozen=True, slots=True)
class StackTools:
    """Metrics, logs, restart verdicts, health."""

    stack: StackAccess

    def tools(self) -> tuple[Callable[..., object], ...]:
        """Return the functions that are tools."""
        return (self.query_prometheus, self.query_loki, self.restart_verdicts, self.stack_health)

    def query_prometheus(self, promql: Query) -> SeriesAnswer:
        """Ask Prometheus an instant query; ranges reach back at most 7 days."""
        check_query(promql)
        found = self.stack.prometheus.instant(promql)
        return SeriesAnswer(series=list(found[:MOST_SERIES]), complete=len(found) <= MOST_SERIES)

    def query_loki(self, logql: Query, minutes: Minutes = 60, limit: Lines = 50) -> LinesAnswer:
        """Ask Loki for log lines, such as {service="mongodb"} |= "error"."""
        check_query(logql)
        now = datetime.now(UTC)
        lines = self.stack.loki.lines(logql, now - timedelta(minutes=minutes), now)
        return LinesAnswer(lines=[_shortened(line) for line in lines[-limit:]])

    def restart_verdicts(self) -> RestartVerdicts:
        """Read the verdicts that restart validations left in the evidence folder."""
        files = sorted(self.stack.evidence.glob("*/restart_validation.json"), reverse=True)[:20]
        verdicts = [{"run": file.parent.name, **json.loads(file.read_text("utf-8"))} for file in files]
        return RestartVerdicts(
            verdicts=verdicts, note="" if verdicts else "no restart validation has run yet"
        )

    def stack_health(self) -> StackHealth:
        """Ask Prometheus, Loki and the LLM API whether they are ready."""
        return StackHealth(services=self.stack.health())


def _shortened(line: LogLine) -> LogLine:
    return line.model_copy(update={"text": line.text[:SHOWN_LINE]})
