"""What a server lacks, and what it has too much of."""

from day23.domain.coverage_report import Asker, LiveSeries, coverage
from day23.domain.metric import Label, Metric, MetricType

CALLS = Metric("calls_total", MetricType.COUNTER, "Calls.", "calls", (Label("status", values=("ok", "bad")),))
IDLE = Metric("idle", MetricType.GAUGE, "Idle.", "boolean")
TARGET = {"job": "mcp", "instance": "a"}


def series(*statuses: str) -> LiveSeries:
    return LiveSeries(tuple({"__name__": "calls_total", "status": status, **TARGET} for status in statuses))


def test_everything_in_order() -> None:
    report = coverage([CALLS], [Asker("A", "calls_total")], {"calls_total"}, {"calls_total": series("ok")}, 7)

    assert (report.faults, report.unused, report.not_emitted, report.total_series) == (0, (), (), 7)


def test_rules_without_series_unused_and_silent_metrics() -> None:
    askers = [Asker("A", "gone > 0"), Asker("B", "later > 0", silent_by_design=True)]

    report = coverage([CALLS, IDLE], askers, {"calls_total"}, {"calls_total": series("ok")}, 1)

    assert report.without_series == ("A: gone",)
    assert report.unused == ("calls_total", "idle")
    assert report.not_emitted == ("idle",)
    assert report.faults == 1


def test_labels_outside_the_taxonomy_and_series_over_budget() -> None:
    report = coverage([CALLS], [], set(), {"calls_total": series("ok", "bad", "worse")}, 3)

    assert [(one.series, one.allowed) for one in report.over_budget] == [(3, 2)]
    assert len(report.outside_taxonomy) == 1
    assert "'worse'" in report.outside_taxonomy[0]


def test_two_processes_have_a_budget_each() -> None:
    both = LiveSeries(
        (*series("ok", "bad").labels, *({**one, "instance": "b"} for one in series("ok").labels))
    )

    assert coverage([CALLS], [], set(), {"calls_total": both}, 3).over_budget == ()
