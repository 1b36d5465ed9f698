"""A dashboard as data: what it asks, of which server, and how a person should read the answer.

The Grafana JSON is written from this model and read back into it; what only Grafana needs (grid positions,
schema version, colours of the legend) is decided by the writer.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class DataSource(StrEnum):
    """Servers that panels ask; the value is Grafana's name of the plug-in."""

    PROMETHEUS = "prometheus"
    LOKI = "loki"


class PanelKind(StrEnum):
    """How a panel shows its answer; the value is Grafana's name of the plug-in."""

    TIME_SERIES = "timeseries"
    STAT = "stat"
    BAR_GAUGE = "bargauge"
    STATE_TIMELINE = "state-timeline"
    TABLE = "table"
    LOGS = "logs"


class Colour(StrEnum):
    """The three words a threshold says, and one for what is neither good nor bad."""

    GOOD = "green"
    WARN = "orange"
    BAD = "red"
    NEUTRAL = "blue"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `value` upwards the panel is `colour`; `None` is the ground below all others."""

    value: float | None
    colour: Colour


@dataclass(frozen=True, slots=True)
class ValueName:
    """A word for a number that stands for one: 0 is PASS."""

    value: int
    text: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One question.

    Attributes:
        expression: PromQL or LogQL; may hold `$variables`, also Grafana's own such as `$__rate_interval`.
        legend: Grafana's legend format: `{{label}}` and words.
        instant: Whether one value per series at the end of the window is asked for, or the whole window.
    """

    expression: str
    legend: str = ""
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture.

    Attributes:
        unit: Grafana's unit id: `s`, `percentunit`, `bytes`, `short`, ...
        width: Columns of the 24 that a row has.
        height: Rows of Grafana's grid, about 38 pixels each.
        empty_by_design: Why an empty answer is right; empty when it would be a fault.
    """

    title: str
    description: str
    queries: tuple[PanelQuery, ...]
    unit: str
    kind: PanelKind = PanelKind.TIME_SERIES
    source: DataSource = DataSource.PROMETHEUS
    thresholds: tuple[Threshold, ...] = ()
    value_names: tuple[ValueName, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    width: int = 8
    height: int = 8
    empty_by_design: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A choice on top of the dashboard: values that `label` has on `metric`, or anywhere."""

    name: str
    title: str
    metric: str
    label: str
    source: DataSource = DataSource.PROMETHEUS


@dataclass(frozen=True, slots=True)
class Section:
    """A row of panels under one heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    """A page of panels.

    Attributes:
        name: What its file is called, without `.json`.
        uid: Fixed, so that links and the restart validation find it.
        window_hours: How far back the page looks when it is opened.
    """

    name: str
    uid: str
    title: str
    description: str
    sections: tuple[Section, ...]
    variables: tuple[Variable, ...] = ()
    window_hours: int = 6

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """Every panel, in reading order."""
        return tuple(panel for section in self.sections for panel in section.panels)

    @cached_property
    def sources(self) -> tuple[DataSource, ...]:
        """The servers that the panels and variables ask, in a fixed order."""
        used = {panel.source for panel in self.panels} | {variable.source for variable in self.variables}
        return tuple(source for source in DataSource if source in used)


def rising(warn: float, bad: float) -> tuple[Threshold, ...]:
    """Return thresholds of a figure that gets worse as it rises."""
    return Threshold(None, Colour.GOOD), Threshold(warn, Colour.WARN), Threshold(bad, Colour.BAD)


def falling(warn: float, good: float) -> tuple[Threshold, ...]:
    """Return thresholds of a figure that gets worse as it falls: below `warn` it is bad."""
    return Threshold(None, Colour.BAD), Threshold(warn, Colour.WARN), Threshold(good, Colour.GOOD)
