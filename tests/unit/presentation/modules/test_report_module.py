"""The modules that record the bootstrap and write the page, as a playbook calls them."""

import json
from pathlib import Path
from typing import Any

import pytest

from day23.presentation.modules import bootstrap, report

RUN = "20251120T101500Z-9f2c41"


@pytest.fixture
def parameters(tmp_path: Path) -> dict[str, Any]:
    stack = {
        "root": str(tmp_path / "stack"),
        "engine": "process",
        "repository": str(tmp_path),
        "cache_dir": str(tmp_path / "cache"),
        "trace_id": "a" * 32,
    }
    return {"stack": stack, "run_id": RUN, "evidence_dir": "evidence", "patience": 0.0}


def test_a_run_of_which_nothing_is_left_still_gets_its_page(
    parameters: dict[str, Any], tmp_path: Path
) -> None:
    result = report.handle(parameters, False)
    page = tmp_path / "evidence" / "index.html"
    assert result["page"] == str(page)
    assert RUN in page.read_text()
    assert json.loads(Path(result["data"]).read_text())["run_id"] == RUN
    assert result["lines"][0].startswith(f"Run {RUN}")
    assert result["lines"][-1] == f"Evidence: {page}"
    assert {"channels", "exports", "benchmarks", "live", "logs", "spans"} <= result["gaps"].keys()


def test_a_prediction_writes_nothing(parameters: dict[str, Any], tmp_path: Path) -> None:
    assert report.handle(parameters, True) == {
        "changed": True,
        "page": str(tmp_path / "evidence" / "index.html"),
    }
    assert bootstrap.handle(parameters, True) == {"changed": False, "steps": [], "down": []}
    assert list(tmp_path.iterdir()) == []


def test_a_bootstrap_that_failed_is_recorded_and_told(parameters: dict[str, Any], tmp_path: Path) -> None:
    result = bootstrap.handle(parameters, False)
    assert result["changed"] is False
    assert result["down"] == [step["step"] for step in result["steps"]]
    gauges = (tmp_path / "stack" / "run" / "metrics" / "bootstrap.prom").read_text()
    assert gauges.count("shared_infra_bootstrap_status{") == len(result["steps"]) == 7
