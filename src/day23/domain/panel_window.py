"""The stretch of time a dashboard looks at, and the variables Grafana derives from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_MOST_POINTS = 1000
"""About one per pixel of a wide panel, as Grafana asks."""

_SCRAPES_PER_RATE = 4
"""Grafana's `$__rate_interval` holds at least this many scrapes."""

_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<plain>\w+))")


@dataclass(frozen=True, slots=True)
class PanelWindow:
    """A window and how finely the servers measure.

    Args:
        scrape_seconds: Distance of two samples.
    """

    start: datetime
    end: datetime
    scrape_seconds: float

    @property
    def seconds(self) -> int:
        """Its length."""
        return round((self.end - self.start).total_seconds())

    @property
    def step_seconds(self) -> int:
        """Distance of two points of a chart."""
        return max(1, round(max(self.scrape_seconds, self.seconds / _MOST_POINTS)))

    @property
    def first_point(self) -> datetime:
        """The first point of a chart whose last one is the end: the newest samples of a young stack count."""
        return self.end - timedelta(seconds=self.seconds // self.step_seconds * self.step_seconds)

    def resolve(self, expression: str, choices: Mapping[str, Sequence[str]]) -> str:
        """Return the expression with every variable replaced, as Grafana would send it.

        Args:
            choices: Values chosen of each of the dashboard's own variables; several become alternatives.

        Example:
            >>> window = PanelWindow(datetime(2026, 1, 1), datetime(2026, 1, 1, 1), 15.0)
            >>> window.resolve('rate(up{job=~"$job"}[$__rate_interval])', {"job": ["loki", "node"]})
            'rate(up{job=~"(loki|node)"}[60s])'
        """
        rate = max(self.step_seconds + self.scrape_seconds, _SCRAPES_PER_RATE * self.scrape_seconds)
        values = {
            "__rate_interval": f"{rate:g}s",
            "__range": f"{self.seconds}s",
            "__auto": f"{self.step_seconds}s",
        }
        values |= {name: _alternatives(chosen) for name, chosen in choices.items()}
        return _VARIABLE.sub(lambda found: values.get(found[1] or found[2], found[0]), expression)


def _alternatives(chosen: Sequence[str]) -> str:
    escaped = [re.escape(value).replace("\\", "\\\\") for value in chosen]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"
