"""The page of measured figures shows what the committed results say."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def no_op() -> ModuleType:
    described = importlib.util.spec_from_file_location("no_op", REPOSITORY / "benchmarks/no_op.py")
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def test_the_page_shows_the_committed_figures(no_op: ModuleType) -> None:
    result = json.loads(no_op.RESULT.read_text(encoding="utf-8"))
    page = no_op.PAGE.read_text(encoding="utf-8")

    assert result["runs"] >= 10
    assert all(len(values) == result["runs"] for values in result["seconds"].values())
    assert no_op.between_markers(page, no_op.page(result)) == page


def test_only_what_is_between_the_markers_is_replaced(no_op: ModuleType) -> None:
    text = f"before\n{no_op.BEGIN}\nold\n{no_op.END}\nafter\n"

    assert no_op.between_markers(text, "new") == f"before\n{no_op.BEGIN}\nnew\n{no_op.END}\nafter\n"
