"""The sidecar's gauges say what MongoDB holds now, and nothing of what it held once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from day23.application.observe_dataset import ObserveDataset
from day23.application.ports import RecordedDataset
from day23.domain.dataset_figures import ChannelFigures
from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import POLICY
from day23.domain.window import Window
from day23.infrastructure.metrics.registry import MetricRegistry

DAY = date(2025, 11, 14)
NEWEST = datetime(2025, 11, 14, 12, tzinfo=UTC)


class Stored:
    """A MongoDB in memory, which may be away."""

    def __init__(self) -> None:
        self.away = False
        self.channels = ["habr", "mash"]

    def ping(self) -> None:
        if self.away:
            raise ToolkitError("MongoDB does not answer")

    def recorded(self) -> RecordedDataset:
        window = Window(start=datetime(2025, 11, 14, tzinfo=UTC), end=datetime(2025, 11, 16, tzinfo=UTC))
        return RecordedDataset(window, tuple(self.channels), NEWEST)

    def documents(self) -> Sequence[ChannelFigures]:
        return [
            ChannelFigures(collection, channel, 1, NEWEST, frozenset({DAY}), {"coverage": 0.9})
            for channel in self.channels
            for collection in ("digests", "review_reports")
        ]


@pytest.fixture
def stored() -> Stored:
    return Stored()


@pytest.fixture
def registry() -> MetricRegistry:
    return MetricRegistry(POLICY)


@pytest.fixture
def observer(stored: Stored, registry: MetricRegistry) -> ObserveDataset:
    return ObserveDataset(stored, registry)


def test_what_is_stored_and_what_is_missing(observer: ObserveDataset, registry: MetricRegistry) -> None:
    assert observer.look()
    sample = registry.prometheus.get_sample_value
    assert sample("mongodb_up") == 1
    assert sample("butler_documents", {"collection": "digests", "channel": "habr"}) == 1
    assert sample("butler_quality_score", {"channel": "habr", "metric": "coverage"}) == 0.9
    assert sample("benchmark_days_missing", {"channel": "mash"}) == 1


def test_a_channel_that_left_loses_its_gauges(
    observer: ObserveDataset, stored: Stored, registry: MetricRegistry
) -> None:
    observer.look()
    stored.channels.remove("mash")
    observer.look()
    left = {
        sample.labels["channel"]
        for family in registry.prometheus.collect()
        for sample in family.samples
        if "channel" in sample.labels
    }
    assert left == {"habr"}


def test_while_mongodb_is_away_the_last_figures_stay(
    observer: ObserveDataset, stored: Stored, registry: MetricRegistry
) -> None:
    observer.look()
    stored.away = True
    assert not observer.look()
    sample = registry.prometheus.get_sample_value
    assert sample("mongodb_up") == 0
    assert sample("butler_documents", {"collection": "digests", "channel": "mash"}) == 1
