"""Prometheus and Loki, asked through the interface that Grafana uses."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from day23.domain.dashboard import Variable
from day23.domain.errors import ToolkitError
from day23.domain.live_values import LogLine
from day23.domain.panel_answer import PanelSeries
from day23.domain.panel_window import PanelWindow
from day23.infrastructure.http_get import get
from day23.infrastructure.queries.loki import LokiQueries

_ANSWER_SECONDS = 30.0
_SHOWN_LINES = 100
_DURATION = re.compile(r"(\d+)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class _Server:
    """What Prometheus and Loki have in common: the shape of their answers."""

    name: str
    prefix: str

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    def instant(self, expression: str, at: datetime) -> tuple[PanelSeries, ...]:
        """Return one point per series."""
        return self._series("query", {"query": expression, "time": f"{at.timestamp():.3f}"})

    def chart(self, expression: str, window: PanelWindow) -> tuple[PanelSeries, ...]:
        """Return the series over the window."""
        span = {"start": f"{window.first_point.timestamp():.3f}", "end": f"{window.end.timestamp():.3f}"}
        return self._series("query_range", {"query": expression, **span, "step": str(window.step_seconds)})

    def _series(self, path: str, arguments: dict[str, str]) -> tuple[PanelSeries, ...]:
        try:
            rows = self._ask(path, arguments)["result"]
            return tuple(PanelSeries(row["metric"], _points(row)) for row in rows)
        except (KeyError, TypeError, ValueError):
            raise ToolkitError(f"{self.name} gives no series", where=arguments["query"]) from None

    def _ask(self, path: str, arguments: dict[str, str]) -> Any:
        answer = get(f"{self._address()}{self.prefix}/{path}?{urlencode(arguments)}", _ANSWER_SECONDS)
        try:
            return orjson.loads(answer).get("data", [])
        except (orjson.JSONDecodeError, AttributeError):
            raise ToolkitError(f"{self.name} answers no JSON that it should", where=path) from None


class PrometheusPanels(_Server):
    """Panels of Prometheus.

    Args:
        address: Returns its base URL; raises ToolkitError when it is not known.
    """

    name = "Prometheus"
    prefix = "/api/v1"

    def choices(self, variable: Variable, window: PanelWindow) -> tuple[str, ...]:
        """Return the values that the label has on the metric inside the window."""
        arguments = {
            "match[]": variable.metric,
            "start": f"{window.start.timestamp():.3f}",
            "end": f"{window.end.timestamp():.3f}",
        }
        return tuple(self._ask(f"label/{variable.label}/values", arguments))

    def lines(self, expression: str, window: PanelWindow) -> tuple[LogLine, ...]:
        """Refuse: Prometheus has no log lines."""
        raise ToolkitError(f"Prometheus has no log lines of {window.seconds} s", where=expression)

    def scrape_seconds(self) -> float:
        """Return the longest distance between two scrapes of any target.

        Raises:
            ToolkitError: Prometheus does not answer, or has no target.
        """
        targets = self._ask("targets", {"state": "active"})["activeTargets"]
        if not targets:
            raise ToolkitError("Prometheus scrapes nothing", next_step="make day-23-up")
        return max(_seconds(target["scrapeInterval"]) for target in targets)


class LokiPanels(_Server):
    """Panels of Loki.

    Args:
        address: Returns its base URL; raises ToolkitError when it is not known.
    """

    name = "Loki"
    prefix = "/loki/api/v1"

    def choices(self, variable: Variable, window: PanelWindow) -> tuple[str, ...]:
        """Return the values that the label has inside the window."""
        span = {
            "start": str(int(window.start.timestamp() * 1e9)),
            "end": str(int(window.end.timestamp() * 1e9)),
        }
        return tuple(self._ask(f"label/{variable.label}/values", span))

    def lines(self, expression: str, window: PanelWindow) -> tuple[LogLine, ...]:
        """Return the newest hundred lines of the window, oldest first."""
        return LokiQueries(self._address).newest(expression, window.start, window.end, _SHOWN_LINES)


def _points(row: dict[str, Any]) -> tuple[tuple[float, float], ...]:
    pairs = row["values"] if "values" in row else [row["value"]]
    return tuple((float(at), float(value)) for at, value in pairs)


def _seconds(duration: str) -> float:
    """Return Prometheus' way to write a duration as seconds.

    Example:
        >>> _seconds("1m30s"), _seconds("500ms")
        (90.0, 0.5)
    """
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(duration))
