"""The committed dashboards are what Grafana expects and what a person needs.

The rules carry the names that Grafana's dashboard linter gives them. Four of its rules do not apply here:
`template-job-rule`, `template-instance-rule`, `target-job-rule` and `target-instance-rule` want a job and an
instance to choose on every page; one stack has one instance per job, and a page is about one job by design.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from day23.domain.dashboards import DASHBOARDS
from day23.infrastructure.grafana.dashboard_reader import read_dashboard
from day23.infrastructure.grafana.dashboard_writer import dashboard_json

FOLDER = Path(__file__).resolve().parents[4] / "grafana/dashboards"
FILES = sorted(FOLDER.glob("*.json"))
PAGES: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}

CUMULATIVE = {
    "benchmark_digest_records_total",
    "benchmark_export_duration_seconds_bucket",
    "benchmark_review_records_total",
    "review_pipeline_duration_seconds_bucket",
    "review_tasks_total",
}
"""Counters of short-lived programs: they grow once a run, so their sum says more than their rate."""


def panels() -> Iterator[Any]:
    for name, page in PAGES.items():
        for panel in page["panels"]:
            if panel["type"] != "row":
                yield pytest.param(panel, id=f"{name}: {panel['title']}")


def targets() -> Iterator[Any]:
    for name, page in PAGES.items():
        for panel in page["panels"]:
            for target in panel.get("targets", ()):
                source = panel["datasource"]["type"]
                yield pytest.param(source, target["expr"], id=f"{name}: {panel['title']} {target['refId']}")


every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
every_panel = pytest.mark.parametrize("panel", list(panels()))
every_target = pytest.mark.parametrize(("source", "expression"), list(targets()))


def test_these_dashboards_are_promised() -> None:
    assert set(PAGES) == {
        "slo-review-pipeline",
        "slo-mcp-server",
        "slo-butler-bot",
        "stage05-benchmarks",
        "rag_variance",
        "shared-infra",
        "restart-validation",
        "logs",
    }


@pytest.mark.parametrize("page", DASHBOARDS, ids=lambda page: page.name)
def test_the_committed_file_is_what_the_definition_writes(page: Any) -> None:
    path = FOLDER / f"{page.name}.json"
    assert path.read_bytes() == dashboard_json(page), "next: .venv/bin/day23 dashboards write"


@pytest.mark.parametrize("page", DASHBOARDS, ids=lambda page: page.name)
def test_reading_a_file_gives_its_definition_back(page: Any) -> None:
    assert read_dashboard(FOLDER / f"{page.name}.json") == page


def test_uids_are_fixed_and_nobody_shares_one() -> None:
    assert {page["uid"] for page in PAGES.values()} == {page.uid for page in DASHBOARDS}
    assert Counter(page["uid"] for page in PAGES.values()).most_common(1)[0][1] == 1


@every_page
def test_template_datasource_rule(page: dict[str, Any]) -> None:
    asked = {panel["datasource"]["type"] for panel in page["panels"] if panel["type"] != "row"}
    choices = {one["query"]: one["name"] for one in page["templating"]["list"] if one["type"] == "datasource"}
    assert choices.keys() >= asked
    assert choices.get("prometheus", "datasource") == "datasource"
    assert choices.get("loki", "loki_datasource") == "loki_datasource"


@every_page
def test_template_label_promql_rule_and_template_on_time_change_reload_rule(page: dict[str, Any]) -> None:
    expressions = " ".join(target["expr"] for panel in page["panels"] for target in panel.get("targets", ()))
    for variable in page["templating"]["list"]:
        if variable["type"] != "query":
            continue
        assert re.fullmatch(r"label_values\(([a-z_]+, )?[a-z_]+\)", variable["query"])
        assert variable["refresh"] == 2, "2 reloads the values when the time range changes"
        assert re.search(rf"\${variable['name']}\b", expressions), "a choice that chooses nothing"


@every_page
def test_uneditable_dashboard(page: dict[str, Any]) -> None:
    assert page["editable"] is False


@every_page
def test_panels_lie_side_by_side_and_never_on_each_other(page: dict[str, Any]) -> None:
    taken: Counter[tuple[int, int]] = Counter()
    for panel in page["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        taken.update(
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        )
    assert max(taken.values()) == 1


@every_panel
def test_panel_datasource_rule(panel: dict[str, Any]) -> None:
    names = {"prometheus": "${datasource}", "loki": "${loki_datasource}"}
    assert panel["datasource"]["uid"] == names[panel["datasource"]["type"]]


@every_panel
def test_panel_title_description_rule(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert len(panel["description"]) > 10


@every_panel
def test_panel_units_rule(panel: dict[str, Any]) -> None:
    assert panel["fieldConfig"]["defaults"]["unit"]


@every_panel
def test_panel_no_targets_rule(panel: dict[str, Any]) -> None:
    assert all(target["expr"] for target in panel["targets"])
    assert panel["targets"]


@every_target
def test_target_rate_interval_rule_and_target_logql_auto_rule(source: str, expression: str) -> None:
    """Rates of a chart follow its resolution; only whole-window figures name the window."""
    allowed = {"prometheus": {"$__rate_interval", "$__range"}, "loki": {"$__auto", "$__range"}}
    assert set(re.findall(r"\[([^\]]+)\]", expression)) <= allowed[source]


@every_target
def test_target_counter_agg_rule(source: str, expression: str) -> None:
    if source == "loki":
        return
    for found in re.finditer(r"\b([a-z_]+(?:_total|_bucket))\b", expression):
        ranged = re.match(r"(?:\{[^}]*\})?\[", expression[found.end() :])
        assert ranged or found[1] in CUMULATIVE, f"{found[1]} is a counter: its rate or increase is wanted"
