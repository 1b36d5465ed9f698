"""The last screen of a run tells services, counts, checksums, verdicts, times and addresses."""

import pytest

from day23.domain.run_report import RunReport
from day23.presentation.reports import words
from day23.presentation.reports.summary import lines


def told(run: RunReport) -> list[str]:
    return [" ".join(line.split()) for line in lines(run)]


@pytest.mark.parametrize(
    "line",
    [
        "Run 20251120T101500Z-9f2c41 in 1 min 24 s window 2025-10-22 .. 2025-11-21 (excluded)",
        "alertmanager not ready 127.0.0.1:9093 0.32.2 24.0 MiB /-/ready answers 503",
        "loki ready 127.0.0.1:3100 3.7.8 118.0 MiB",
        "@tired_glebmikheev 30 30 26 4 100 13.3 %",
        "digests.jsonl 150 1.8 MiB " + "ab" * 32,
        "Prometheus 8 series from 3 queries",
        "Loki 12 of 12 log lines found",
        "MongoDB 39 spans in butler.spans",
        "benchmark 24.2 s",
        "Loki http://127.0.0.1:3100/ready",
    ],
)
def test_the_screen_shows_the_figures_of_the_run(run: RunReport, line: str) -> None:
    assert line in told(run)


def test_every_verdict_is_told(run: RunReport) -> None:
    text = "\n".join(told(run))
    for verdict in (
        "channel_digest_ru dry pass 150 coverage 0.93",
        "channel_digest_ru live warn 150 coverage 0.86",
        "review_summary_ru live fail 150 (1 failed) coverage 0.71",
    ):
        assert verdict in text


def test_it_fits_one_screen(run: RunReport) -> None:
    assert len(lines(run)) <= 60
    assert max(map(len, lines(run))) <= 110


def test_what_could_not_be_read_is_said(empty_run: RunReport) -> None:
    text = told(empty_run)
    assert text.count("this step left no evidence") == 3
    assert "Loki not reachable: no answer: connection refused" in text
    assert "Prometheus not reachable: no answer: connection refused" in text


def test_numbers_that_are_not_known_are_not_invented() -> None:
    assert words.number(None) == words.duration(None) == words.percent(None) == "not reachable"
    assert words.number(0) == "0"
    assert words.size(None) == ""


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ({"__name__": "up", "job": "loki", "instance": "h:1"}, "job=loki instance=h:1"),
        ({"__name__": "x", "job": "node", "instance": "h:1", "channel": "a"}, "channel=a"),
        ({}, ""),
    ],
)
def test_series_are_told_apart_by_their_own_labels(found: dict[str, str], shown: str) -> None:
    assert words.labels(found) == shown
