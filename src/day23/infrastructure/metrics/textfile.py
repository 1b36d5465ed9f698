"""Metrics of short-lived programs, left where node exporter's textfile collector finds them.

A program writes only `run/metrics/<service>.prom`. What its predecessor left there is merged by the
catalogue's `Retention`: results of the last run of scenario A stay when scenario B runs, counts of
stored documents are replaced as a whole, and event counters and histograms grow from run to run like
those of a long-lived process, so that `rate()` and `histogram_quantile()` mean something.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from day23.domain.errors import ToolkitError
from day23.domain.metric import Retention
from day23.domain.observability_policy import ObservabilityPolicy
from day23.infrastructure.files import write_atomically
from day23.infrastructure.locks import exclusive_lock
from day23.infrastructure.metrics.registry import MetricRegistry

READABLE_BY_ALL = 0o644
_LOCK_WAIT_SECONDS = 5.0

_SampleKey = tuple[str, tuple[tuple[str, str], ...]]


class TextfileMetrics:
    """A metric sink that keeps values in memory and merges them into one textfile at `flush`.

    Args:
        path: The file; its folder is made when missing. Its name must end in `.prom`.
    """

    def __init__(self, policy: ObservabilityPolicy, path: Path) -> None:
        self._policy = policy
        self._path = path
        self._registry = MetricRegistry(policy)

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """See `MetricRegistry.measure`."""
        self._registry.measure(metric, value, **labels)

    def flush(self) -> None:
        """Merge the values into the textfile and start again from zero.

        Raises:
            ToolkitError: The file cannot be written, or another run of this service holds it.
        """
        try:
            with exclusive_lock(self._path.with_suffix(".lock"), "merge metrics", _LOCK_WAIT_SECONDS):
                merged = merge(self._policy, self._previous(), self._registry.prometheus.collect())
                write_atomically(self._path, render(merged), READABLE_BY_ALL)
        except OSError as error:
            raise ToolkitError(f"no metrics written: {error.strerror}", where=str(self._path)) from None
        self._registry = MetricRegistry(self._policy)

    def _previous(self) -> list[Family]:
        """Return what the predecessor left; nothing when it is damaged, for a new file heals it."""
        try:
            return list(text_string_to_metric_families(self._path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):
            return []


def merge(policy: ObservabilityPolicy, previous: Iterable[Family], current: Iterable[Family]) -> list[Family]:
    """Return the families of both by the catalogue's retention, sorted by name.

    Families the catalogue no longer knows are dropped.
    """
    older, newer = ({family.name: family for family in families} for families in (previous, current))
    merged = []
    for metric in sorted(policy.metrics, key=lambda known: known.name):
        name = metric.name.removesuffix("_total")
        present = [families[name] for families in (older, newer) if name in families]
        if present:
            merged.append(_merge_family(present, metric.retention))
    return merged


def _merge_family(generations: list[Family], retention: Retention) -> Family:
    newest = generations[-1]
    kept = [newest] if retention is Retention.SNAPSHOT else generations
    values: dict[_SampleKey, float] = {}
    for family in (known for known in kept if _bounds(known) == _bounds(newest)):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            before = values.get(key, 0.0) if retention is Retention.CUMULATIVE else 0.0
            values[key] = before + sample.value
    result = Family(newest.name, newest.documentation, newest.type)
    result.samples = [Sample(name, dict(labels), value) for (name, labels), value in values.items()]
    return result


def _bounds(family: Family) -> set[str]:
    """Return a histogram's bucket bounds; counts in other buckets cannot be added."""
    return {sample.labels["le"] for sample in family.samples if "le" in sample.labels}


@dataclass(frozen=True, slots=True)
class _Families:
    """What `generate_latest` takes for a registry."""

    families: list[Family]

    def collect(self) -> Iterator[Family]:
        return iter(self.families)


def render(families: list[Family]) -> bytes:
    """Return the Prometheus text format."""
    return generate_latest(_Families(families))
