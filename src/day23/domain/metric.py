"""One metric of the catalogue: its name, meaning and labels, and which label values it may carry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from day23.domain.errors import ToolkitError

FORBIDDEN_LABELS = frozenset(
    {"user", "user_id", "student", "student_id", "session", "session_id", "trace_id", "span_id", "request_id"}
)
"""Labels with one value per person or request: each would make one series per person or request."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class MetricType(StrEnum):
    """The Prometheus types the toolkit uses."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Retention(StrEnum):
    """What a short-lived program does with the series its predecessor left in the textfile.

    LATEST: the newest value replaces the old one; a series this run did not touch stays as it is.
    SNAPSHOT: a run that measures the metric at all measures all of it; what it did not touch is gone.
    CUMULATIVE: this run's increase is added, so that `rate()` sees one counter across runs.
    """

    LATEST = "latest"
    SNAPSHOT = "snapshot"
    CUMULATIVE = "cumulative"


@dataclass(frozen=True, slots=True)
class Label:
    """A label and the values it may take: a closed set, or a pattern with a bound.

    Attributes:
        values: The closed set; empty when the values are open.
        pattern: Regular expression that an open value matches whole.
        bound: The largest number of different values one process may report.
    """

    name: str
    values: tuple[str, ...] = ()
    pattern: str = ""
    bound: int = 0

    def __post_init__(self) -> None:
        if self.name in FORBIDDEN_LABELS or not _NAME.fullmatch(self.name):
            raise ToolkitError(f"{self.name!r} may not be a label")
        if bool(self.values) == bool(self.pattern):
            raise ToolkitError(f"label {self.name} needs either values or a pattern")
        if self.pattern and self.bound < 1:
            raise ToolkitError(f"label {self.name} has a pattern but no bound")

    @property
    def cardinality(self) -> int:
        """The largest number of different values."""
        return len(self.values) or self.bound

    def check(self, value: str) -> None:
        """Refuse a value outside the taxonomy.

        Raises:
            ToolkitError: The value is not allowed; the nearest allowed one is named.
        """
        if value in self.values or (self.pattern and re.fullmatch(self.pattern, value)):
            return
        allowed = f"one of {', '.join(self.values)}" if self.values else f"text that matches {self.pattern}"
        raise ToolkitError(
            f"label {self.name} may not be {value!r:.80}{did_you_mean(value, self.values)}",
            next_step=f"use {allowed}",
        )


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric family.

    Attributes:
        unit: What the value counts: `seconds`, `documents`, `ratio`, ...
        buckets: Upper bounds of a histogram, ascending, without +Inf.
        retention: How a textfile carries the series from one run to the next.
    """

    name: str
    kind: MetricType
    help: str
    unit: str
    labels: tuple[Label, ...] = ()
    buckets: tuple[float, ...] = ()
    retention: Retention = Retention.LATEST
    _labels_by_name: Mapping[str, Label] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ToolkitError(f"{self.name!r} is not a metric name")
        if self.kind is MetricType.COUNTER and not self.name.endswith("_total"):
            raise ToolkitError(f"counter {self.name} must end in _total")
        if (self.kind is MetricType.HISTOGRAM) != bool(self.buckets):
            raise ToolkitError(f"{self.name}: histograms have buckets, other metrics have none")
        if list(self.buckets) != sorted(set(self.buckets)):
            raise ToolkitError(f"{self.name}: buckets must ascend")
        object.__setattr__(self, "_labels_by_name", {label.name: label for label in self.labels})

    @property
    def label_names(self) -> tuple[str, ...]:
        """Label names in their fixed order."""
        return tuple(label.name for label in self.labels)

    @property
    def series_budget(self) -> int:
        """The largest number of series the family may have in one process.

        A histogram counts its buckets, +Inf, sum and count.
        """
        budget = len(self.buckets) + 3 if self.buckets else 1
        for label in self.labels:
            budget *= label.cardinality
        return budget

    def check(self, labels: Mapping[str, str]) -> None:
        """Refuse labels that are unknown, missing or outside the taxonomy.

        Raises:
            ToolkitError: Names the metric, the label and the nearest allowed name.
        """
        for name in labels.keys() - self._labels_by_name.keys():
            raise ToolkitError(
                f"{self.name} has no label {name!r}{did_you_mean(name, self.label_names)}",
                next_step=f"use {', '.join(self.label_names) or 'no label'}",
            )
        missing = sorted(self._labels_by_name.keys() - labels.keys())
        if missing:
            raise ToolkitError(f"{self.name} needs the label {', '.join(missing)}")
        for name, value in labels.items():
            self._check_value(name, value)

    def _check_value(self, name: str, value: str) -> None:
        try:
            self._labels_by_name[name].check(value)
        except ToolkitError as error:
            raise ToolkitError(error.what, where=self.name, next_step=error.next_step) from None


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """Return `; did you mean X?` for the nearest known word, else nothing."""
    nearest = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
