"""Prometheus metrics that exist because the catalogue names them."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from day23.domain.errors import ToolkitError
from day23.domain.metric import Metric, MetricType
from day23.domain.observability_policy import ObservabilityPolicy

Instrument = Counter | Gauge | Histogram
SeriesKey = tuple[str, tuple[tuple[str, str], ...]]

disable_created_metrics()  # type: ignore[no-untyped-call]


class MetricRegistry:
    """Builds each metric at its first measurement and refuses what the policy does not know.

    One registry serves one process: runtimes expose `.prometheus` at `/metrics`, short-lived
    programs write it to a textfile.

    Example:
        >>> from day23.domain.observability_policy import POLICY
        >>> registry = MetricRegistry(POLICY)
        >>> registry.measure("shared_infra_bootstrap_status", 1, step="mongo")
        >>> registry.prometheus.get_sample_value("shared_infra_bootstrap_status", {"step": "mongo"})
        1.0
    """

    def __init__(self, policy: ObservabilityPolicy) -> None:
        self.prometheus = CollectorRegistry()
        self._policy = policy
        self._instruments: dict[str, Instrument] = {}
        self._series: dict[SeriesKey, Callable[[float], None]] = {}
        self._seen: dict[tuple[str, str], set[str]] = {}

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Increase a counter by, set a gauge to, or observe in a histogram, `value`.

        Raises:
            ToolkitError: The metric, a label or a value is not in the catalogue, a counter would
                fall, or a label has taken more values than its bound.
        """
        key = (metric, tuple(labels.items()))
        record = self._series.get(key)
        if record is None:
            record = self._series[key] = self._new_series(self._policy.metric(metric), labels)
        try:
            record(value)
        except ValueError as error:
            raise ToolkitError(f"{metric} cannot take {value}: {error}") from None

    def forget(self, metric: str, /, **labels: str) -> None:
        """Expose a labelled series no longer; it makes room within its labels' bounds."""
        if self._series.pop((metric, tuple(labels.items())), None) is None:
            return
        self._instruments[metric].remove_by_labels(labels)
        for name in labels:
            left = {dict(key[1])[name] for key in self._series if key[0] == metric}
            self._seen[metric, name] = left

    def _new_series(self, metric: Metric, labels: dict[str, str]) -> Callable[[float], None]:
        metric.check(labels)
        self._keep_bounds(metric, labels)
        instrument = self._instruments.get(metric.name)
        if instrument is None:
            instrument = self._instruments[metric.name] = self._build(metric)
        child = instrument.labels(**labels) if labels else instrument
        if isinstance(child, Counter):
            return child.inc
        return child.set if isinstance(child, Gauge) else child.observe

    def _build(self, metric: Metric) -> Instrument:
        arguments = (metric.name, metric.help, metric.label_names)
        if metric.kind is MetricType.COUNTER:
            return Counter(*arguments, registry=self.prometheus)
        if metric.kind is MetricType.GAUGE:
            return Gauge(*arguments, registry=self.prometheus)
        return Histogram(*arguments, registry=self.prometheus, buckets=metric.buckets)

    def _keep_bounds(self, metric: Metric, labels: dict[str, str]) -> None:
        for label in metric.labels:
            seen = self._seen.setdefault((metric.name, label.name), set())
            if len(seen | {labels[label.name]}) > label.cardinality:
                raise ToolkitError(
                    f"label {label.name} has taken more than {label.cardinality} values",
                    where=metric.name,
                    next_step="find what makes the values grow, or raise the bound in the catalogue",
                )
            seen.add(labels[label.name])
