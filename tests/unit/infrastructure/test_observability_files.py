"""Broken rules and dashboards are named by file and line before anything is loaded."""

from pathlib import Path

import pytest

from day23.application.preflight import Finding, FindingState
from day23.domain.errors import ToolkitError
from day23.infrastructure.preflight.observability_files import ObservabilityFiles

SOUND = """\
groups:
  - name: a
    rules:
      - alert: Down
        expr: up == 0
        annotations: {summary: a, description: b, runbook_url: c}
"""


def findings(folder: Path, **rules: str) -> list[Finding]:
    for service, text in rules.items():
        (folder / service / "rules").mkdir(parents=True)
        (folder / service / "rules/a.yml").write_text(text, encoding="utf-8")
    return list(ObservabilityFiles(folder, lambda name: None).findings())


def test_sound_files_pass(tmp_path: Path) -> None:
    assert findings(tmp_path, prometheus=SOUND)[0].state is FindingState.PASSED


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        (SOUND.replace("up == 0", "upp{jbo='a'} == 0"), 4, "no metric 'upp'"),
        (SOUND.replace("expr:", "exprr:"), 5, "no key 'exprr'"),
        (SOUND.replace("        expr: up == 0\n", ""), 4, "an expr and either alert or record"),
        (SOUND.replace("summary: a, ", ""), 4, "lacks summary"),
        (SOUND.replace("rules:", "rulez:"), 2, "no list 'rules'"),
        (SOUND.replace("up == 0", "'up == 0"), 7, "not YAML"),
        ("- a\n", 1, "it has no groups"),
    ],
)
def test_a_broken_rule_is_named_by_file_and_line(tmp_path: Path, broken: str, line: int, reason: str) -> None:
    finding = findings(tmp_path, prometheus=broken)[0]

    assert finding.state is FindingState.FAILED
    assert f"prometheus/rules/a.yml:{line}: " in finding.detail
    assert reason in finding.detail


def test_a_broken_rule_of_loki_is_named_too(tmp_path: Path) -> None:
    finding = findings(tmp_path, loki=SOUND.replace("up == 0", 'rate({lvl="error"}[5m]) > 0'))[0]

    assert (
        "loki/rules/a.yml:4: Down: Loki's index has no label 'lvl'; did you mean 'level'?" in finding.detail
    )


def test_a_broken_dashboard_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "grafana/dashboards").mkdir(parents=True)
    (tmp_path / "grafana/dashboards/a.json").write_text('{\n "uid": }', encoding="utf-8")

    with pytest.raises(ToolkitError, match=r"a.json:2"):
        findings(tmp_path)
