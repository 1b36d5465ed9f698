"""Four doors, one verdict: script, `day23`, playbook and Invoke on one verified export, field by field."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
SCENARIO = "channel_digest_ru"
OF_ONE_RUN = {"started_at", "duration_seconds", "trace_id", "environment"}
"""What no two runs have in common."""


@pytest.fixture
def door(tmp_path: Path) -> Callable[..., str]:
    """Runs a command on the export in a stack root of its own; returns its output."""

    def opened(*command: str) -> str:
        ended = subprocess.run(
            command,
            cwd=REPOSITORY,
            env={
                **os.environ,
                "DAY23_STACK_ROOT": str(tmp_path / "stack"),
                "BENCHMARK_DATASET_DIR": str(tmp_path / "benchmarks"),
            },
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert ended.returncode in (0, 2, 4), ended.stdout + ended.stderr
        return ended.stdout

    return opened


def told(result: dict[str, Any]) -> dict[str, Any]:
    metadata = {name: value for name, value in result["metadata"].items() if name not in OF_ONE_RUN}
    return result | {"metadata": metadata}


def evidence(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"benchmark.{SCENARIO}.dry.json").read_bytes())
    return found


def test_every_door_tells_the_same_verdict(
    script: Callable[..., subprocess.CompletedProcess[str]], door: Callable[..., str], tmp_path: Path
) -> None:
    assert script("quality/analysis/export_digests.py").returncode == 0
    asked = ("--scenario", SCENARIO, "--dry-run", "--json")
    stack = {"stack_root": str(tmp_path / "stack"), "stack_dataset_dir": str(tmp_path / "benchmarks")}
    chosen = {"benchmark_scenarios": [SCENARIO], "benchmark_mode": "dry"}
    played, invoked = tmp_path / "played", tmp_path / "invoked"

    by_script = json.loads(
        door(sys.executable, str(REPOSITORY / "scripts/quality/benchmark/run_benchmark.py"), *asked)
    )
    by_name = json.loads(door(str(BIN / "day23"), "benchmark", "run", *asked))
    variables = json.dumps(stack | chosen | {"stack_evidence_dir": str(played)})
    door(str(BIN / "ansible-playbook"), "playbooks/benchmark.yml", "-e", variables)
    outcome = json.loads(
        door(
            *(str(BIN / "invoke"), "day23.benchmark", "--json", "--scenario", SCENARIO, "--mode", "dry"),
            *("--stack-root", stack["stack_root"], "--dataset-dir", stack["stack_dataset_dir"]),
            *("--evidence-root", str(invoked)),
        )
    )
    shown = door(
        *(
            str(BIN / "invoke"),
            "day23.benchmark",
            "--scenario",
            SCENARIO,
            "--mode",
            "dry",
            "--baseline",
            "last",
        ),
        *("--stack-root", stack["stack_root"], "--dataset-dir", stack["stack_dataset_dir"]),
        *("--evidence-root", str(tmp_path / "shown")),
    )
    (returned,) = outcome["results"]["benchmark"]
    (left,) = invoked.iterdir()

    assert len(by_script["samples"]) == 150
    assert told(by_script) == told(by_name) == told(evidence(played)) == told(evidence(left))
    summary = {name: value for name, value in evidence(left).items() if name != "samples"}
    assert returned["summary"] == summary
    assert returned["outcome"] == by_script["overall"]
    assert f"overall {by_script['overall'].upper()}" in shown
    assert "coverage cannot tell: change +0.000" in shown
