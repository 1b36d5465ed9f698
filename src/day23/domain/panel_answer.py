"""What a server answered to a panel, and whether a person would see anything."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from day23.domain.dashboard import Dashboard, Panel
from day23.domain.live_values import LogLine


class AnswerState(StrEnum):
    """What a person would see in the panel."""

    DATA = "data"
    EMPTY = "empty"
    NOT_A_NUMBER = "not a number"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PanelSeries:
    """One line of a chart.

    Attributes:
        points: Unix seconds and value, ascending; one point for an instant query. NaN stays.
    """

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]

    @property
    def last(self) -> float:
        """The newest value that is a number; NaN when there is none."""
        return next((value for _, value in reversed(self.points) if math.isfinite(value)), math.nan)


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The answer to one query of a panel.

    Attributes:
        expression: What was asked, variables replaced.
        refusal: What the server said when it did not answer; empty when it did.
    """

    expression: str
    legend: str
    series: tuple[PanelSeries, ...] = ()
    lines: tuple[LogLine, ...] = ()
    refusal: str = ""

    @property
    def state(self) -> AnswerState:
        """What a person would see."""
        if self.refusal:
            return AnswerState.REFUSED
        if not self.series and not self.lines:
            return AnswerState.EMPTY
        if self.series and all(math.isnan(one.last) for one in self.series):
            return AnswerState.NOT_A_NUMBER
        return AnswerState.DATA


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """The answers to all queries of a panel."""

    dashboard: Dashboard
    panel: Panel
    queries: tuple[QueryAnswer, ...]

    @property
    def faults(self) -> tuple[QueryAnswer, ...]:
        """The queries that leave the panel without what it promises.

        A panel that may be empty may not be refused. One whose queries complement each other still has to
        show something for each.
        """
        allowed = {AnswerState.DATA}
        if self.panel.empty_by_design:
            allowed |= {AnswerState.EMPTY, AnswerState.NOT_A_NUMBER}
        return tuple(query for query in self.queries if query.state not in allowed)
