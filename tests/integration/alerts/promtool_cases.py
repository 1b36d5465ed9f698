"""The cases in `cases/*.yml`, expanded to promtool's test files and judged by promtool.

A case names its input series, when the alert is `silent`, when it `fires`, and with which labels: `expected`
has all of them, so that a label that a rule loses is noticed. What fires is read from the series ALERTS.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from day23.domain.artifact import ResolvedArtifact

REPOSITORY = Path(__file__).resolve().parents[3]
RULES = REPOSITORY / "prometheus/rules"
CASES = Path(__file__).with_name("cases")
STEPS = {"ErrorBudgetBurnFast": "2m", "ErrorBudgetBurnSlow": "30m"}
"""Evaluation interval of alerts that look back over days; all others take a minute."""


class _PlainNumbers(yaml.SafeLoader):
    """Leaves numbers as text: `0x5` is promtool's six zeros, and YAML's five."""


_PlainNumbers.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Judgement:
    passed: bool
    output: str


def cases_of(rule_file: str) -> dict[str, list[dict[str, Any]]]:
    """Return the cases of every alert in a rule file, by alert."""
    return dict(yaml.load((CASES / f"{rule_file}.yml").read_text(encoding="utf-8"), _PlainNumbers))  # noqa: S506


def rule_files() -> list[str]:
    return sorted(path.stem for path in RULES.glob("*.yml"))


def write_tests(folder: Path, rule_file: str, alerts: Mapping[str, list[dict[str, Any]]]) -> list[Path]:
    """Write promtool's test files of these alerts beside their rule file: one per evaluation interval."""
    paths = []
    for step in sorted({STEPS.get(alert, "1m") for alert in alerts}):
        chosen = {alert: cases for alert, cases in alerts.items() if STEPS.get(alert, "1m") == step}
        groups = [_group(alert, case, step) for alert, cases in chosen.items() for case in cases]
        content = {"rule_files": [f"{rule_file}.yml"], "evaluation_interval": step, "tests": groups}
        paths.append(folder / f"{rule_file}_{step}_test.yml")
        paths[-1].write_text(yaml.safe_dump(content), encoding="utf-8")
    return paths


def judge(prometheus: ResolvedArtifact, tests: list[Path], only: str = "") -> Judgement:
    """Run promtool once on test files; `only` chooses the cases of one alert."""
    words = [str(prometheus.binaries["promtool"]), "test", "rules"]
    words += [f"--run=^{re.escape(only)}: "] if only else []
    finished = subprocess.run(
        [*words, *map(str, tests)],
        env={**os.environ, **prometheus.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Judgement(finished.returncode == 0, finished.stdout + finished.stderr)


def _group(alert: str, case: dict[str, Any], step: str) -> dict[str, Any]:
    fires = f'ALERTS{{alertname="{alert}", alertstate="firing"}}'
    series = case.get("series", {}).items()
    return {
        "name": f"{alert}: {case['name']}",
        "interval": step,
        "input_series": [{"series": name, "values": values} for name, values in series],
        "promql_expr_test": [
            {"expr": fires, "eval_time": at, "exp_samples": samples}
            for at, samples in _expectations(alert, case)
        ],
    }


def _expectations(alert: str, case: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for at in case.get("silent", ()):
        yield at, []
    for at in case.get("fires", ()):
        yield at, [{"labels": _series(alert, labels), "value": 1} for labels in case["expected"]]


def _series(alert: str, labels: Mapping[str, str]) -> str:
    all_labels = {"alertname": alert, "alertstate": "firing", **labels}
    matchers = ", ".join(f'{name}="{value}"' for name, value in all_labels.items())
    return f"ALERTS{{{matchers}}}"
