"""What of the catalogue, the rules and the dashboards a running server knows, and the other way round."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from day23.domain.errors import ToolkitError
from day23.domain.known_metrics import ONLY_AFTER_TROUBLE, TARGET_LABELS
from day23.domain.metric import Metric
from day23.domain.query_names import families_of, names_in

OURS = frozenset({"llm-api", "mcp", "butler-bot", "node"})
"""Jobs that carry the catalogue's metrics; node exporter carries those of short-lived programs."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A rule or panel and what it asks.

    Attributes:
        place: Where a person finds it: `MCPServerDown`, `shared-infra: CPU`.
        silent_by_design: Whether its series may be missing while all is well.
    """

    place: str
    expression: str
    silent_by_design: bool = False


@dataclass(frozen=True, slots=True)
class LiveSeries:
    """The series of one metric family on the server."""

    labels: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """Series of one metric on the server, from its busiest process, and how many it may have."""

    metric: str
    series: int
    allowed: int


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """What the comparison came to.

    Attributes:
        total_series: All series of the server.
        unused: Metrics of the catalogue that no rule and no panel asks for.
        not_emitted: Metrics of the catalogue that the server has not seen.
        without_series: `place: metric` of every rule or panel whose series do not exist.
        outside_taxonomy: What the catalogue says against labels on the server.
        budgets: By metric of the catalogue.
    """

    total_series: int
    unused: tuple[str, ...]
    not_emitted: tuple[str, ...]
    without_series: tuple[str, ...]
    outside_taxonomy: tuple[str, ...]
    budgets: tuple[Budget, ...]

    @property
    def over_budget(self) -> tuple[Budget, ...]:
        """The metrics that have more series than the catalogue allows one process."""
        return tuple(one for one in self.budgets if one.series > one.allowed)

    @property
    def faults(self) -> int:
        """How many findings are faults; unused and silent metrics are only told."""
        return len(self.without_series) + len(self.outside_taxonomy) + len(self.over_budget)


def coverage(
    catalogue: Iterable[Metric],
    askers: Iterable[Asker],
    live_names: Set[str],
    live: Mapping[str, LiveSeries],
    total_series: int,
) -> CoverageReport:
    """Compare.

    Args:
        live_names: Every metric name of the server.
        live: Series of the catalogue's metrics, by the catalogue's name.
    """
    metrics, asked = tuple(catalogue), tuple(askers)
    named = {
        family for one in asked for name in names_in(one.expression).metrics for family in families_of(name)
    }
    return CoverageReport(
        total_series=total_series,
        unused=tuple(sorted(metric.name for metric in metrics if metric.name not in named)),
        not_emitted=tuple(sorted(metric.name for metric in metrics if metric.name not in live)),
        without_series=tuple(sorted(_missing(asked, live_names))),
        outside_taxonomy=tuple(sorted(_strange(metrics, live))),
        budgets=tuple(_budget(metric, live[metric.name]) for metric in metrics if metric.name in live),
    )


def _missing(askers: Iterable[Asker], live_names: Set[str]) -> set[str]:
    return {
        f"{one.place}: {name}"
        for one in askers
        for name in names_in(one.expression).metrics
        if not one.silent_by_design and name not in live_names | ONLY_AFTER_TROUBLE
    }


def _strange(metrics: Iterable[Metric], live: Mapping[str, LiveSeries]) -> set[str]:
    found = set[str]()
    for metric in metrics:
        for labels in live[metric.name].labels if metric.name in live else ():
            if labels.get("job") in OURS:
                found |= _complaint(metric, labels)
    return found


def _complaint(metric: Metric, labels: Mapping[str, str]) -> set[str]:
    own = {name: value for name, value in labels.items() if name not in TARGET_LABELS | {"le"}}
    renamed = {name.removeprefix("exported_"): value for name, value in own.items()}
    try:
        metric.check(renamed)
    except ToolkitError as error:
        return {f"{metric.name}: {error.what}"}
    return set()


def _budget(metric: Metric, found: LiveSeries) -> Budget:
    counts = dict[tuple[str, str], int]()
    for labels in found.labels:
        process = (labels.get("job", ""), labels.get("instance", ""))
        counts[process] = counts.get(process, 0) + 1
    return Budget(metric.name, max(counts.values(), default=0), metric.series_budget)
