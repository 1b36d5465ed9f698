"""The page shows the run's figures, needs nothing from outside, and never shows a missing value as zero."""

import re
import xml.dom.minidom
from html.parser import HTMLParser

import pytest

from day23.domain.run_report import MetricRow, RunReport
from day23.domain.verdict import Outcome
from day23.presentation.reports.page import bar, render_page

VOID_ELEMENTS = {"meta", "br"}


class Reader(HTMLParser):
    """Collects text and attributes, and checks that elements nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self._silent = 0
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        self._silent += tag == "style"
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._silent -= tag == "style"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="module")
def shown(finished: RunReport) -> str:
    """The words of a finished run's page."""
    return Reader(render_page(finished)).words


def test_the_page_needs_nothing_from_outside(run: RunReport) -> None:
    page = render_page(run)
    links = [value for name, value in Reader(page).attributes if name in {"href", "src", "xlink:href"}]
    assert all(link.startswith("#") for link in links)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert "<script" not in page


@pytest.mark.parametrize(
    "figure",
    [
        "Day 23 run 20251120T101500Z-9f2c41",
        "window 2025-10-22 to 2025-11-21 (excluded)",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "6 of 7 services ready, 1 skipped",
        "150 + 150 digests + review reports, 6.67 % synthetic",
        "4 of 5 channels verified",
        "1 min 24 s from start to this page",
        "@tired_glebmikheev 30 30 26 4 252 100 yes",
        "@xor_journal 30 30 27 3 292 120 no 2025-11-03",
        "digests.jsonl 150 1.8 MiB 410 ms " + "ab" * 32 + " " + "cd" * 32,
        "channel_digest_ru, live warn",
        "150 samples, 1 failed in 6.1 s",
        "coverage 0.71 0.88 0.8",
        "bring the stack up 21.4 s",
        "alertmanager running, not ready 127.0.0.1:9093 0.32.2",
        "channel=onaboka 30",
        "Prometheus knows no such series",
        "12 of 12 lines that the programs wrote under this trace id: seed 7 · export 5",
        "10:15:25.000 seed warning channel seeded channel=xor_journal documents=30",
        "39 spans in butler.spans",
        "benchmark.sample 18 more",
        "Prometheus http://127.0.0.1:9090/graph",
        "ctorecords: 2 days without posts were backfilled synthetically",
    ],
)
def test_the_page_shows_the_figures_of_the_run(shown: str, figure: str) -> None:
    assert figure in shown


def test_what_could_not_be_read_is_said_and_never_a_zero(empty_run: RunReport) -> None:
    words = Reader(render_page(empty_run)).words
    assert words.count("this step left no evidence") >= 4
    assert words.count("not reachable: no answer: connection refused") >= 4
    assert not re.search(r"\b0\b", words.replace("toolkit 0.1.0", "").replace(empty_run.run_id, ""))


def test_a_log_line_cannot_inject_markup(run: RunReport) -> None:
    assert run.logs is not None
    hostile = run.logs.lines[0].model_copy(update={"text": '{"event":"<script>alert(1)</script>"}'})
    plain = run.logs.lines[1].model_copy(update={"text": "no JSON <b>at all</b>"})
    logs = run.logs.model_copy(update={"lines": (hostile, plain)})
    page = render_page(run.model_copy(update={"logs": logs}))
    assert "<script" not in page
    assert "no JSON &lt;b&gt;at all&lt;/b&gt;" in page


def test_the_pictures_are_drawings_in_the_colours_of_the_page(run: RunReport) -> None:
    page = render_page(run)
    drawings = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(drawings) == 2
    for drawing in drawings:
        xml.dom.minidom.parseString(drawing)  # noqa: S318  (our own drawing)
        assert "var(--ink)" in drawing
        assert not re.search(r"#0[1-7]0[1-7]0[1-7]", drawing)
    assert "var(--synthetic)" in drawings[1]


def test_two_pages_of_one_run_are_equal(run: RunReport) -> None:
    assert render_page(run) == render_page(run)


def test_a_bullet_stays_inside_its_bar() -> None:
    def metric(name: str, value: float, passes: float, warns: float) -> MetricRow:
        return MetricRow(
            name=name, value=value, aggregate="mean", passes=passes, warns=warns, outcome=Outcome.PASS
        )

    assert bar(metric("coverage", 0.5, 0.88, 0.8)) == {"value": 50, "passes": 88, "warns": 80}
    slow = bar(metric("latency_seconds", 480, 210, 240))
    assert slow["value"] == pytest.approx(100 / 1.1)
    assert slow["passes"] < slow["warns"] < slow["value"]
