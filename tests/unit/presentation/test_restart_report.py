"""Lines, page, picture and memo of a restart validation."""

import sys
from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.restart.judgement import judge
from day23.presentation.restart.lines import report_lines
from day23.presentation.restart.memo import BEGIN, END, rewritten
from day23.presentation.restart.page import restart_page
from day23.presentation.restart.timeline_picture import timeline_png

sys.path.append(str(Path(__file__).parents[1] / "domain" / "restart"))
from recorded import passed

PLACE = f"before\n{BEGIN.format('stack')}\nold\n{END.format('stack')}\nafter\n"


def test_a_failed_point_is_shown_with_its_reason() -> None:
    lines = report_lines(judge(passed(watchdog_at=None)))

    assert lines[0] == "restart validation stack: failed"
    assert sum(line.startswith("FAIL") for line in lines) == 1
    assert "no Watchdog notification" in next(line for line in lines if line.startswith("FAIL"))


def test_a_number_carries_its_unit() -> None:
    resumed = report_lines(judge(passed()))[2]

    assert "targets 3, longest hole 27.0 s, hole bound 29.0 s" in resumed


def test_a_word_in_place_of_a_number_has_no_unit() -> None:
    rules = report_lines(judge(passed(watchdog_at=None)))[5]

    assert "last Watchdog after ready none  <-" in rules


def test_the_page_needs_no_other_file() -> None:
    evidence = passed()
    report = judge(evidence)

    page = restart_page(report, evidence, timeline_png(report), ["/api/v1/query  up[60s]"])

    assert "http" not in page.replace("<!doctype html>", "")
    assert all(check.name in page for check in report.checks)
    assert "data:image/png;base64," in page


def test_the_picture_is_drawn_even_when_nothing_came_back() -> None:
    report = judge(passed())
    bare = report.timeline.model_copy(update={"services": {}, "ready": None})

    assert timeline_png(report.model_copy(update={"timeline": bare, "hole": None}))[:4] == b"\x89PNG"


def test_the_memo_changes_between_its_markers_only() -> None:
    text = rewritten(PLACE, [judge(passed()), judge(passed())])

    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "`stack`, 2 runs: 2 passed." in text
    assert "| longest hole in the samples, s | 2 | 27.0 | 27.0 |" in text
    assert "acknowledged writes 10,000" in text
    assert rewritten(text, [judge(passed()), judge(passed())]) == text


def test_a_memo_without_a_place_is_left_alone() -> None:
    with pytest.raises(ToolkitError, match="no place for stack"):
        rewritten("nothing here", [judge(passed())])


def test_services_have_one_row_each_and_keep_those_of_others() -> None:
    place = f"{BEGIN.format('service')}\n| `loki` | passed | 1 |\n{END.format('service')}\n"
    report = judge(passed(disruption="service:prometheus", hit=("prometheus",)))

    text = rewritten(place, [report])

    assert "| `loki` | passed | 1 |" in text
    assert sum(line.startswith("| `prometheus` | ") for line in rewritten(text, [report]).splitlines()) == 1
