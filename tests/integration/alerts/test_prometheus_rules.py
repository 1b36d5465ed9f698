"""Every alert of Prometheus fires, stays silent and behaves as stated when its series vanish."""

import shutil
from pathlib import Path

import pytest
from promtool_cases import RULES, cases_of, judge, rule_files, write_tests
from role_artifacts import program_of

from day23.domain.artifact import ResolvedArtifact
from day23.infrastructure.rules.rule_file import read_rules

FEWEST_CASES = 3


@pytest.fixture(scope="module")
def prometheus() -> ResolvedArtifact:
    return program_of("prometheus")


def test_all_cases_of_all_alerts(prometheus: ResolvedArtifact, tmp_path: Path) -> None:
    tests = list[Path]()
    for name in rule_files():
        shutil.copy(RULES / f"{name}.yml", tmp_path)
        tests += write_tests(tmp_path, name, cases_of(name))

    judged = judge(prometheus, tests)

    assert judged.passed, judged.output


@pytest.mark.parametrize("name", rule_files())
def test_every_alert_has_cases_of_each_kind(name: str) -> None:
    alerts = {rule.name for rule in read_rules(RULES / f"{name}.yml") if rule.is_alert}

    assert set(cases_of(name)) == alerts
    for alert, cases in cases_of(name).items():
        assert len(cases) >= FEWEST_CASES, alert
        assert any(case.get("fires") for case in cases), alert
        if alert != "Watchdog":
            assert any(case.get("silent") and not case.get("fires") for case in cases), alert
            assert any("stale" in str(case.get("series")) for case in cases), f"{alert}: nothing vanishes"
