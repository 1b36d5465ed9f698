"""What a short-lived program measured outlives it, and nothing of its predecessors is lost or doubled."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import POLICY
from day23.infrastructure.metrics.textfile import TextfileMetrics, merge, render

A = {"scenario": "scenario_a", "dataset": "dataset_a"}
B = {"scenario": "scenario_b", "dataset": "dataset_b"}


def run(path: Path, *measurements: tuple[str, float, Mapping[str, str]]) -> None:
    """One run of a program that measures and ends."""
    metrics = TextfileMetrics(POLICY, path)
    for name, value, labels in measurements:
        metrics.measure(name, value, **labels)
    metrics.flush()


def value(path: Path, name: str, labels: Mapping[str, str]) -> float | None:
    families = text_string_to_metric_families(path.read_text())
    samples = [sample for family in families for sample in family.samples]
    found = [sample.value for sample in samples if sample.name == name and sample.labels == dict(labels)]
    assert len(found) <= 1, "a series must be in the file once"
    return found[0] if found else None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics" / "benchmark.prom"


def test_results_of_one_scenario_stay_when_another_runs(path: Path) -> None:
    run(path, ("benchmark_run_outcome", 2, A))
    run(path, ("benchmark_run_outcome", 0, B))
    assert value(path, "benchmark_run_outcome", A) == 2
    assert value(path, "benchmark_run_outcome", B) == 0


def test_the_newest_result_of_a_scenario_replaces_the_old_one(path: Path) -> None:
    run(path, ("benchmark_run_outcome", 2, A))
    run(path, ("benchmark_run_outcome", 0, A))
    assert value(path, "benchmark_run_outcome", A) == 0


def test_a_count_of_stored_documents_is_not_added_up_by_a_second_seed(path: Path) -> None:
    for _ in range(2):
        run(path, ("benchmark_digest_records_total", 30, {"channel": "onaboka"}))
    assert value(path, "benchmark_digest_records_total", {"channel": "onaboka"}) == 30


def test_a_channel_that_left_the_dataset_leaves_the_counts(path: Path) -> None:
    run(path, *(("benchmark_digest_records_total", 30, {"channel": name}) for name in ("onaboka", "habr")))
    run(path, ("benchmark_digest_records_total", 30, {"channel": "onaboka"}))
    assert value(path, "benchmark_digest_records_total", {"channel": "habr"}) is None
    assert value(path, "benchmark_digest_records_total", {"channel": "onaboka"}) == 30


def test_a_run_that_counted_nothing_leaves_the_counts_of_the_one_before(path: Path) -> None:
    run(path, ("benchmark_digest_records_total", 30, {"channel": "onaboka"}))
    run(path, ("structured_logs_total", 1, {"service": "seed", "level": "error"}))
    assert value(path, "benchmark_digest_records_total", {"channel": "onaboka"}) == 30


def test_event_counters_and_histograms_grow_so_that_rates_work(path: Path) -> None:
    exporter = {"exporter": "digests"}
    for seconds in (0.4, 7.0):
        run(
            path,
            ("structured_logs_total", 5, {"service": "export", "level": "info"}),
            ("benchmark_export_duration_seconds", seconds, exporter),
        )
    assert value(path, "structured_logs_total", {"service": "export", "level": "info"}) == 10
    assert value(path, "benchmark_export_duration_seconds_count", exporter) == 2
    assert value(path, "benchmark_export_duration_seconds_sum", exporter) == pytest.approx(7.4)
    assert value(path, "benchmark_export_duration_seconds_bucket", {**exporter, "le": "0.5"}) == 1
    assert value(path, "benchmark_export_duration_seconds_bucket", {**exporter, "le": "+Inf"}) == 2


def test_a_second_flush_of_the_same_run_adds_nothing(path: Path) -> None:
    metrics = TextfileMetrics(POLICY, path)
    metrics.measure("structured_logs_total", 5, service="export", level="info")
    metrics.flush()
    metrics.flush()
    assert value(path, "structured_logs_total", {"service": "export", "level": "info"}) == 5


def test_histograms_with_other_buckets_are_not_mixed(path: Path) -> None:
    run(path, ("benchmark_export_duration_seconds", 1, {"exporter": "digests"}))
    path.write_text(path.read_text().replace('le="0.5"', 'le="0.7"'))
    run(path, ("benchmark_export_duration_seconds", 1, {"exporter": "digests"}))
    assert value(path, "benchmark_export_duration_seconds_count", {"exporter": "digests"}) == 1


@pytest.mark.parametrize("damage", ["", "{", "benchmark_run_outcome 1 2 3 4\n", "\x00\x01"])
def test_a_damaged_file_is_healed(path: Path, damage: str) -> None:
    path.parent.mkdir()
    path.write_text(damage)
    run(path, ("benchmark_run_outcome", 1, A))
    assert value(path, "benchmark_run_outcome", A) == 1


def test_a_metric_that_left_the_catalogue_leaves_the_file(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("# TYPE forgotten gauge\nforgotten 1\n")
    run(path, ("benchmark_run_outcome", 1, A))
    assert "forgotten" not in path.read_text()


def test_node_exporter_may_read_the_file_and_sees_no_half_of_it(path: Path) -> None:
    run(path, ("benchmark_run_outcome", 1, A))
    assert path.stat().st_mode & 0o777 == 0o644
    assert sorted(file.name for file in path.parent.iterdir() if file.suffix == ".prom") == ["benchmark.prom"]


def test_a_file_that_cannot_be_written_is_told_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("not a folder")
    with pytest.raises(ToolkitError, match="no metrics written"):
        run(tmp_path / "metrics" / "seed.prom", ("benchmark_run_outcome", 1, A))


@given(st.lists(st.dictionaries(st.sampled_from(["aaa", "bbb", "ccc"]), st.integers(0, 99)), max_size=5))
def test_merging_keeps_the_last_value_of_every_series(runs: list[dict[str, int]]) -> None:
    expected: dict[str, int] = {}
    text = ""
    for measured in runs:
        expected |= measured
        current = "# TYPE benchmark_run_outcome gauge\n" + "".join(
            f'benchmark_run_outcome{{scenario="{scenario}"}} {outcome}\n'
            for scenario, outcome in measured.items()
        )
        families = [list(text_string_to_metric_families(source)) for source in (text, current)]
        text = render(merge(POLICY, *families)).decode()
    stored = {
        sample.labels["scenario"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert stored == expected
