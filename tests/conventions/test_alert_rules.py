"""Rules name what exists, and whoever is woken finds a page that helps."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from project_tree import ROOT

from day23.domain.dashboard import DataSource
from day23.domain.dashboards import DASHBOARDS
from day23.domain.known_metrics import check_query
from day23.infrastructure.rules.rule_file import Rule, read_rules
from day23.infrastructure.rules.rule_judge import loki_faults, prometheus_faults
from day23.wiring.observability import differing_files

PROMETHEUS = sorted((ROOT / "prometheus/rules").glob("*.yml"))
LOKI = sorted((ROOT / "loki/rules").glob("*.yml"))
ALERTS = [rule for path in (*PROMETHEUS, *LOKI) for rule in read_rules(path) if rule.is_alert]
RUNBOOK = "docs/specs/epic_03/alerting_runbook.md"
SECTIONS = dict(
    re.findall(
        r"^## (\w+)\n(.*?)(?=^## |\Z)", (ROOT / RUNBOOK).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
)


def panels() -> Iterator[Any]:
    for page in DASHBOARDS:
        for panel in page.panels:
            for query in panel.queries if panel.source is DataSource.PROMETHEUS else ():
                yield pytest.param(query.expression, id=f"{page.name}: {panel.title}")


def test_rules_name_metrics_and_labels_that_exist() -> None:
    assert prometheus_faults(PROMETHEUS) == ()
    assert loki_faults(LOKI) == ()


@pytest.mark.parametrize("expression", list(panels()))
def test_panels_name_metrics_and_labels_that_exist(expression: str) -> None:
    check_query(expression)


def test_generated_files_are_what_their_sources_say() -> None:
    assert differing_files(ROOT) == (), "next: day23 observability write"


def test_an_alert_has_one_name_a_severity_and_a_service() -> None:
    assert len({rule.name for rule in ALERTS}) == len(ALERTS)
    for rule in ALERTS:
        assert rule.labels["severity"] in {"critical", "warning", "info"}, rule.place
        assert "service" in rule.labels or "by (service)" in rule.expression, rule.place


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule.name)
def test_the_runbook_has_a_section_that_helps(rule: Rule) -> None:
    assert rule.annotations["runbook_url"] == f"{RUNBOOK}#{rule.name.lower()}"

    section = SECTIONS[rule.name]
    commands = section.split("```")[1].strip().splitlines()

    assert len(commands) == 3
    for heading in ("**What it means.**", "**How to fix.**", "**Owner:**"):
        assert heading in section


def test_the_runbook_has_no_section_without_an_alert() -> None:
    assert set(SECTIONS) == {rule.name for rule in ALERTS}
