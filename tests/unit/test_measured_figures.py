"""The page of measured figures shows what the committed results say."""

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    return importlib.import_module(request.param)


@pytest.fixture
def figures_page(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    return importlib.import_module("figures_page")


@pytest.mark.parametrize(
    ("benchmark", "name", "result"),
    [
        ("no_op", "no-op", "RESULT"),
        ("telemetry_cost", "telemetry", "RESULT"),
        ("exports", "exports", "RESULT"),
        ("client_overhead", "client", "RESULT"),
        ("slowdown", "slowdown", "RESULT"),
        ("slowdown", "slowdown-llm", "LLM_RESULT"),
        ("servers_in_turns", "servers-in-turns", "RESULT"),
        ("digest_quality", "digests", "RESULT"),
    ],
    indirect=["benchmark"],
)
def test_the_page_shows_the_committed_figures(
    benchmark: ModuleType, name: str, result: str, figures_page: ModuleType
) -> None:
    path: Path = getattr(benchmark, result)
    if not path.is_file():
        pytest.skip("no run has been recorded yet")
    recorded = json.loads(path.read_text(encoding="utf-8"))

    page = figures_page.PAGE.read_text(encoding="utf-8")

    assert f"<!-- begin: {name} -->\n{benchmark.page(recorded)}\n<!-- end: {name} -->" in page


def test_only_what_is_between_the_markers_is_replaced(
    figures_page: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- begin: x -->\nformer\n<!-- end: x -->\nbelow\n")
    monkeypatch.setattr(figures_page, "PAGE", page)

    figures_page.write_part("x", "present")

    assert page.read_text() == "above\n<!-- begin: x -->\npresent\n<!-- end: x -->\nbelow\n"
