"""Use case of the Butler sidecar: turn what is stored into gauges."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from day23.application.ports import Collection, RecordedDataset
from day23.domain.dataset_figures import ChannelFigures, days_missing
from day23.domain.errors import ToolkitError


class DatasetFigures(Protocol):
    """MongoDB as the sidecar looks into it."""

    def ping(self) -> None:
        """Raise ToolkitError when MongoDB does not answer."""
        ...

    def recorded(self) -> RecordedDataset | None:
        """Return what the last finished seed covered."""
        ...

    def documents(self) -> Sequence[ChannelFigures]:
        """Return the figures of both collections."""
        ...


class Gauges(Protocol):
    """Where the figures go."""

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Set a gauge or observe in a histogram."""
        ...

    def forget(self, metric: str, /, **labels: str) -> None:
        """Expose a gauge no longer whose subject is gone."""
        ...


Series = tuple[str, tuple[tuple[str, str], ...]]


class ObserveDataset:
    """Looks into MongoDB and sets the gauges; while MongoDB is away the last figures stay.

    A channel that left the dataset loses its gauges: an old figure would hide that nothing renews it.
    """

    def __init__(self, figures: DatasetFigures, gauges: Gauges) -> None:
        self._figures = figures
        self._gauges = gauges
        self._shown: set[Series] = set()

    def look(self) -> bool:
        """Look once; return whether MongoDB answered."""
        try:
            self._look()
        except ToolkitError:
            self._gauges.measure("mongodb_up", 0)
            return False
        self._gauges.measure("mongodb_up", 1)
        return True

    def _look(self) -> None:
        with self._timed("ping"):
            self._figures.ping()
        with self._timed("dataset"):
            recorded = self._figures.recorded()
        with self._timed("documents"):
            found = self._figures.documents()
        former, self._shown = self._shown, set()
        for one in found:
            self._show(one)
        if recorded:
            self._show_missing(recorded, found)
        for metric, labels in former - self._shown:
            self._gauges.forget(metric, **dict(labels))

    @contextmanager
    def _timed(self, operation: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            self._gauges.measure("butler_mongodb_query_duration_seconds", seconds, operation=operation)

    def _show(self, found: ChannelFigures) -> None:
        labels = {"collection": found.collection, "channel": found.channel}
        self._set("butler_documents", found.documents, **labels)
        newest = found.newest.timestamp()
        self._set("butler_newest_document_timestamp_seconds", newest, **labels)
        for metric, score in found.quality.items():
            self._set("butler_quality_score", score, channel=found.channel, metric=metric)

    def _show_missing(self, recorded: RecordedDataset, found: Sequence[ChannelFigures]) -> None:
        names = [collection.value for collection in Collection]
        for channel in recorded.channels:
            missing = days_missing(found, channel, recorded.window.days, names)
            self._set("benchmark_days_missing", missing, channel=channel)

    def _set(self, metric: str, value: float, /, **labels: str) -> None:
        self._gauges.measure(metric, value, **labels)
        self._shown.add((metric, tuple(labels.items())))
