"""Use case: compare catalogue, rules and dashboards with a running Prometheus."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Protocol

from day23.domain.coverage_report import Asker, CoverageReport, LiveSeries, coverage
from day23.domain.metric import Metric, MetricType


class SeriesServer(Protocol):
    """A Prometheus; every method raises ToolkitError when it does not answer."""

    def metric_names(self) -> Set[str]:
        """Return every metric name."""
        ...

    def series(self, names: Sequence[str]) -> Sequence[Mapping[str, str]]:
        """Return the labels of every series that these names have now, `__name__` included."""
        ...

    def series_total(self) -> int:
        """Return how many series the server holds in memory."""
        ...


class MeasureCoverage:
    """Compares.

    Args:
        catalogue: Metrics of the toolkit.
        askers: Rules and panels.
    """

    def __init__(self, server: SeriesServer, catalogue: Sequence[Metric], askers: Sequence[Asker]) -> None:
        self._server = server
        self._catalogue = catalogue
        self._askers = askers

    def execute(self) -> CoverageReport:
        """Ask the server and compare."""
        names = self._server.metric_names()
        live = {metric.name: LiveSeries(tuple(self._series(metric))) for metric in self._catalogue}
        found = {name: series for name, series in live.items() if series.labels}
        return coverage(self._catalogue, self._askers, names, found, self._server.series_total())

    def _series(self, metric: Metric) -> Iterable[Mapping[str, str]]:
        parts = ("_bucket", "_sum", "_count") if metric.kind is MetricType.HISTOGRAM else ("",)
        return self._server.series([f"{metric.name}{part}" for part in parts])
