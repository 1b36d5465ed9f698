"""The registry measures what the catalogue knows and refuses everything else."""

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import POLICY
from day23.infrastructure.metrics.registry import MetricRegistry

RUN = {"scenario": "channel_digest_ru", "dataset": "benchmark_digest_ru_v1"}


@pytest.fixture
def registry() -> MetricRegistry:
    return MetricRegistry(POLICY)


def test_a_counter_grows_a_gauge_is_set_a_histogram_observes(registry: MetricRegistry) -> None:
    for value in (2, 3):
        registry.measure("llm_tokens_total", value, model_name="extractive-ru", direction="prompt")
        registry.measure("benchmark_run_outcome", value - 2, **RUN)
        registry.measure("benchmark_export_duration_seconds", value, exporter="digests")
    sample = registry.prometheus.get_sample_value
    assert sample("llm_tokens_total", {"model_name": "extractive-ru", "direction": "prompt"}) == 5
    assert sample("benchmark_run_outcome", RUN) == 1
    assert sample("benchmark_export_duration_seconds_sum", {"exporter": "digests"}) == 5
    assert sample("benchmark_export_duration_seconds_bucket", {"exporter": "digests", "le": "2.0"}) == 1


def test_label_order_does_not_make_another_series(registry: MetricRegistry) -> None:
    registry.measure("benchmark_run_outcome", 0, scenario="scenario_a", dataset="dataset_a")
    registry.measure("benchmark_run_outcome", 2, dataset="dataset_a", scenario="scenario_a")
    families = list(registry.prometheus.collect())
    assert [len(family.samples) for family in families] == [1]
    assert families[0].samples[0].value == 2


def test_what_the_catalogue_does_not_know_is_refused_and_leaves_no_trace(registry: MetricRegistry) -> None:
    with pytest.raises(ToolkitError, match="did you mean 'benchmark_run_outcome'"):
        registry.measure("benchmark_run_outcomes", 1, **RUN)
    with pytest.raises(ToolkitError, match="did you mean 'digests'"):
        registry.measure("benchmark_export_duration_seconds", 1, exporter="digest")
    with pytest.raises(ToolkitError, match="cannot take -1"):
        registry.measure("benchmark_digest_records_total", -1, channel="onaboka")
    samples = [sample for family in registry.prometheus.collect() for sample in family.samples]
    assert not [sample for sample in samples if sample.value]


def test_a_label_that_explodes_is_stopped_at_its_bound(registry: MetricRegistry) -> None:
    bound = POLICY.metric("benchmark_digest_records_total").labels[0].bound
    for number in range(bound):
        registry.measure("benchmark_digest_records_total", 1, channel=f"channel_{number}")
    registry.measure("benchmark_digest_records_total", 1, channel="channel_0")
    with pytest.raises(ToolkitError, match=f"more than {bound} values"):
        registry.measure("benchmark_digest_records_total", 1, channel="one_too_many")


def test_registries_share_nothing() -> None:
    first, second = MetricRegistry(POLICY), MetricRegistry(POLICY)
    first.measure("benchmark_run_outcome", 1, **RUN)
    assert second.prometheus.get_sample_value("benchmark_run_outcome", RUN) is None


def test_a_forgotten_series_is_exposed_no_longer_and_makes_room(registry: MetricRegistry) -> None:
    for number in range(100):
        registry.measure("benchmark_days_missing", number, channel=f"channel_{number}")
    with pytest.raises(ToolkitError, match="more than 100 values"):
        registry.measure("benchmark_days_missing", 0, channel="one_more")

    registry.forget("benchmark_days_missing", channel="channel_7")
    registry.forget("benchmark_days_missing", channel="never_seen")
    registry.measure("benchmark_days_missing", 1, channel="one_more")

    sample = registry.prometheus.get_sample_value
    assert sample("benchmark_days_missing", {"channel": "channel_7"}) is None
    assert sample("benchmark_days_missing", {"channel": "channel_8"}) == 8
    assert sample("benchmark_days_missing", {"channel": "one_more"}) == 1
