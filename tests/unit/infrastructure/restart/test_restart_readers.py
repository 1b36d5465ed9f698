"""Answers of Prometheus and Loki become the same record whatever their order and paging."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from day23.domain.restart.timeline import ServiceTimes
from day23.infrastructure.restart import loki_reader
from day23.infrastructure.restart.host_reader import counters
from day23.infrastructure.restart.loki_reader import LokiReader
from day23.infrastructure.restart.looks import service_times
from day23.infrastructure.restart.prometheus_reader import content_of, seconds


class PagedLoki:
    """Answers as Loki does: at most so many lines per answer, from `start` on, oldest first."""

    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self.lines = sorted(lines)

    def get(self, _name: str, _base: str, _path: str, **query: str) -> Any:
        start, end, limit = int(query["start"]), int(query["end"]), int(query["limit"])
        found = [[str(moment), text] for moment, text in self.lines if start <= moment < end][:limit]
        return {"data": {"result": [{"stream": {"service": "canary"}, "values": found}]}}


def line(number: int) -> str:
    return json.dumps({"sequence": number})


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 3)), max_size=120))
def test_every_line_is_read_as_often_as_it_is_stored(stored: list[tuple[int, int]]) -> None:
    lines = [
        (moment * 1000, line(number)) for number, (moment, copies) in enumerate(stored) for _ in range(copies)
    ]
    page, loki_reader._PAGE = loki_reader._PAGE, 40
    try:
        found = LokiReader("", PagedLoki(lines)).canaries("file", "run", 0.0, 1.0)  # type: ignore[arg-type]
    finally:
        loki_reader._PAGE = page

    if _fits(lines, 40):
        assert sorted(found) == sorted(json.loads(text)["sequence"] for _, text in lines)


def _fits(lines: list[tuple[int, str]], page: int) -> bool:
    """Whether no nanosecond fills a page alone: then it could not be passed without loss."""
    moments = [moment for moment, _ in lines]
    return all(moments.count(moment) < page for moment in moments)


def test_content_does_not_depend_on_the_order_of_series() -> None:
    one, two = ({"job": "a"}, [[1, "2"]]), ({"job": "b"}, [[1, "3"], [2, "4"]])

    assert content_of([one, two]) == content_of([two, one])
    assert content_of([one, two]).items == 3
    assert content_of([one]) != content_of([({"job": "a"}, [[1, "2.0"]])])


def test_durations_of_prometheus() -> None:
    assert [seconds(text) for text in ("2s", "15s", "1m", "1m30s", "500ms")] == [2.0, 15.0, 60.0, 90.0, 0.5]


def test_counters_are_summed_over_their_labels_and_start_at_zero() -> None:
    page = 'loki_discarded_samples_total{reason="a"} 2\nloki_discarded_samples_total{reason="b"} 3\n# x 1\n'

    found = counters(page, "loki_")

    assert found["loki_discarded_samples_total"] == 5
    assert found["loki_ingester_wal_corruptions_total"] == 0


def test_times_of_a_service_follow_the_pollers_changes() -> None:
    looks = [
        {"service": "loki", "moment": 1.0, "answers": True},
        {"service": "loki", "moment": 11.0, "answers": False},
        {"service": "loki", "moment": 12.0, "pid": None},
        {"service": "loki", "moment": 13.0, "pid": 77},
        {"service": "loki", "moment": 14.0, "answers": True},
        {"service": "loki", "moment": 15.0, "answers": False},
        {"service": "loki", "moment": 16.0, "answers": True},
    ]

    times = service_times(looks, stopped=10.0)["loki"]

    assert times == ServiceTimes(down=11.0, process_up=13.0, ready=16.0)
    assert times.back_after == 5.0
    assert service_times(looks[:2], stopped=10.0)["loki"].ready is None


def test_a_restart_between_two_probes_is_seen_by_its_process() -> None:
    looks = [
        {"service": "node_exporter", "moment": 11.0, "pid": 78},
        {"service": "node_exporter", "moment": 11.1, "answers": True},
    ]

    times = service_times(looks, stopped=10.0)["node_exporter"]

    assert times == ServiceTimes(down=11.0, process_up=11.0, ready=11.1)
