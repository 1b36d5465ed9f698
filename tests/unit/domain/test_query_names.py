"""Names in PromQL and LogQL, and the refusal of unknown ones."""

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.known_metrics import check_log_query, check_query
from day23.domain.query_names import names_in


def test_matchers_groups_ranges_and_functions_are_told_apart() -> None:
    names = names_in(
        'sum by (le, job) (rate(a_total{b="x}", c!~"y"}[5m] offset 1h)) / on (d) group_left (e) f:g > 1e3'
    )

    assert names.metrics == ("a_total", "f:g")
    assert names.matched == (("a_total", "b"), ("a_total", "c"))
    assert names.grouped == ("le", "job", "d", "e")


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("rate(mcp_request_total[5m])", "no metric 'mcp_request_total'; did you mean 'mcp_requests_total'"),
        (
            'mcp_requests_total{statuss="a"}',
            "no label 'statuss'; did you mean 'status'",
        ),
        ("sum by (tol) (mcp_requests_total)", "has a label 'tol'; did you mean 'tool'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(expression: str, complaint: str) -> None:
    with pytest.raises(ToolkitError, match=complaint):
        check_query(expression)


def test_parts_of_histograms_target_labels_made_labels_and_recorded_names_are_known() -> None:
    check_query(
        'histogram_quantile(0.9, sum by (le) (rate(mcp_request_duration_seconds_bucket{job="mcp"}[5m])))'
    )
    check_query(
        'sum by (program) (label_replace(node_textfile_mtime_seconds, "program", "$1", "file", "(.*)"))'
    )
    check_query('slo:x{slo="a"}', {"slo:x": {"slo"}})


def test_log_queries_select_by_index_labels() -> None:
    check_log_query('sum by (service) (count_over_time({level="error"} |= "x" [5m]))')
    with pytest.raises(ToolkitError, match="no label 'lvl'; did you mean 'level'"):
        check_log_query('{lvl="error"}')
