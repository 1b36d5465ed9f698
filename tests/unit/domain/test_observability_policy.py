"""The catalogue is sound, and what is not in it is refused with the nearest known name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.errors import ToolkitError
from day23.domain.metric import FORBIDDEN_LABELS, Label, Metric, MetricType
from day23.domain.observability_policy import LEVELS, LOG_FIELDS, OPERATIONS, POLICY, ObservabilityPolicy

METRIC = st.sampled_from(POLICY.metrics)


def allowed_labels(metric: Metric) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {
            label.name: st.sampled_from(label.values)
            if label.values
            else st.from_regex(label.pattern, fullmatch=True)
            for label in metric.labels
        }
    )


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("benchmark_digest_records_total", {"channel"}),
        ("benchmark_review_records_total", {"channel"}),
        ("benchmark_export_duration_seconds", {"exporter"}),
        ("benchmark_run_duration_seconds", {"scenario", "dataset"}),
        ("benchmark_run_outcome", {"scenario", "dataset"}),
        ("benchmark_metric_value", {"scenario", "dataset", "metric"}),
        ("benchmark_metric_outcome", {"scenario", "dataset", "metric"}),
        ("shared_infra_bootstrap_status", {"step"}),
        ("structured_logs_total", {"service", "level"}),
        ("http_requests_total", {"method", "route", "status"}),
        ("http_request_duration_seconds", {"method", "route"}),
        ("llm_inference_latency_seconds", {"model_name"}),
        ("llm_tokens_total", {"model_name", "direction"}),
        ("llm_error_rate_total", {"error_type", "model_name"}),
    ],
)
def test_the_plans_metrics_keep_their_names_and_labels(name: str, labels: set[str]) -> None:
    assert set(POLICY.metric(name).label_names) == labels


@given(METRIC)
def test_every_metric_says_what_it_is_and_stays_affordable(metric: Metric) -> None:
    assert metric.help.endswith(".")
    assert metric.unit
    assert metric.series_budget <= 5_000
    assert not FORBIDDEN_LABELS & set(metric.label_names)


@given(METRIC.flatmap(lambda metric: st.tuples(st.just(metric), allowed_labels(metric))))
def test_labels_of_the_taxonomy_are_taken(case: tuple[Metric, dict[str, str]]) -> None:
    metric, labels = case
    metric.check(labels)


@given(METRIC.filter(lambda metric: metric.labels), st.text(max_size=30), st.data())
def test_values_outside_the_taxonomy_are_refused(metric: Metric, extra: str, data: st.DataObject) -> None:
    labels = data.draw(allowed_labels(metric))
    victim = data.draw(st.sampled_from(metric.label_names))
    with pytest.raises(ToolkitError, match=victim):
        metric.check({**labels, victim: f"\N{SNOWMAN}{extra}"})


@given(METRIC.filter(lambda metric: metric.labels), st.data())
def test_a_missing_and_an_unknown_label_are_refused(metric: Metric, data: st.DataObject) -> None:
    labels = data.draw(allowed_labels(metric))
    victim = data.draw(st.sampled_from(metric.label_names))
    with pytest.raises(ToolkitError, match=f"needs the label {victim}"):
        metric.check({name: value for name, value in labels.items() if name != victim})
    with pytest.raises(ToolkitError, match="has no label 'colour'"):
        metric.check({**labels, "colour": "red"})


@given(METRIC, st.integers(min_value=0), st.characters(codec="ascii", categories=["Ll"]))
def test_a_misspelt_metric_is_refused_with_the_right_name(metric: Metric, place: int, letter: str) -> None:
    cut = place % len(metric.name)
    misspelt = metric.name[:cut] + letter + metric.name[cut + 1 :]
    if misspelt == metric.name:
        return
    with pytest.raises(ToolkitError, match="did you mean"):
        POLICY.metric(misspelt)


def test_the_message_names_metric_label_and_nearest_value() -> None:
    with pytest.raises(ToolkitError) as refusal:
        POLICY.metric("shared_infra_bootstrap_status").check({"step": "mongodb"})
    assert str(refusal.value) == (
        "label step may not be 'mongodb'; did you mean 'mongo'? (shared_infra_bootstrap_status). Next: use "
        "one of mongo, prometheus, alertmanager, node_exporter, loki, collector, llm_api, grafana, "
        "mcp_server, butler_sidecar"
    )


@pytest.mark.parametrize("name", sorted(FORBIDDEN_LABELS))
def test_a_label_per_person_or_request_cannot_be_declared(name: str) -> None:
    with pytest.raises(ToolkitError, match="may not be a label"):
        Label(name, pattern=".*", bound=5)


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "count", "kind": MetricType.COUNTER},
        {"name": "Bad-name_total", "kind": MetricType.COUNTER},
        {"name": "duration_seconds", "kind": MetricType.HISTOGRAM},
        {"name": "duration_seconds", "kind": MetricType.HISTOGRAM, "buckets": (2.0, 1.0)},
        {"name": "size", "kind": MetricType.GAUGE, "buckets": (1.0,)},
    ],
)
def test_a_malformed_metric_cannot_be_declared(arguments: dict[str, object]) -> None:
    with pytest.raises(ToolkitError):
        Metric(help="Help.", unit="things", **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("label", [{"values": ("a",), "pattern": "b"}, {}, {"pattern": "a"}])
def test_a_label_is_closed_or_bounded(label: dict[str, object]) -> None:
    with pytest.raises(ToolkitError):
        Label("colour", **label)  # type: ignore[arg-type]


def test_a_metric_is_declared_once() -> None:
    with pytest.raises(ToolkitError, match="twice"):
        ObservabilityPolicy(POLICY.metrics[:1] * 2, LOG_FIELDS, OPERATIONS)


@given(
    st.sampled_from(LEVELS),
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), st.none()),
)
def test_log_fields_may_be_added_but_never_hide_a_standard_one(level: str, fields: dict[str, None]) -> None:
    standard = {field.name for field in LOG_FIELDS if field.required}
    if standard & fields.keys():
        with pytest.raises(ToolkitError, match="may not be a log field"):
            POLICY.check_log(level, fields)
    else:
        POLICY.check_log(level, fields)


def test_an_unknown_level_and_a_field_that_breaks_queries_are_refused() -> None:
    with pytest.raises(ToolkitError, match="did you mean 'warning'"):
        POLICY.check_log("warn", {})
    with pytest.raises(ToolkitError, match="snake case"):
        POLICY.check_log("info", {"Trace-Id": "x"})


def test_spans_start_with_a_known_operation() -> None:
    POLICY.check_span("seed")
    POLICY.check_span("seed.channel")
    with pytest.raises(ToolkitError, match="did you mean 'seed'"):
        POLICY.check_span("sed.channel")
    with pytest.raises(ToolkitError, match="not a span name"):
        POLICY.check_span("seed.Канал")
