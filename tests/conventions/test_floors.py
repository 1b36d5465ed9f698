"""Which floor may know which: presentation, application, domain; infrastructure serves the application."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from project_tree import ROOT, files_below, name_of, syntax_tree

SOURCE = ROOT / "src" / "day23"
MAY_IMPORT = {
    "domain": {"domain"},
    "application": {"application", "domain"},
    "infrastructure": {"infrastructure", "application", "domain", "settings"},
    "presentation": {"presentation", "application", "domain", "settings", "wiring"},
    "settings": {"domain"},
}
ANYTHING = {"wiring", "__init__"}
PURE_LIBRARIES = {"pydantic", "pydantic_core", "numpy", "razdel", "Stemmer", "packaging"}
INPUT_AND_OUTPUT = {"socket", "subprocess", "urllib.request", "http.client", "sqlite3", "tempfile", "shutil"}


def test_a_floor_knows_only_the_floors_below_it() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in files_below("src/day23", ".py")
        for name in _imports(path)
        if name.startswith("day23.") and not _is_allowed(_floor(path), name.split(".")[1])
    ]

    assert wrong == []


def test_every_module_stands_on_a_floor() -> None:
    floors = {_floor(path) for path in files_below("src/day23", ".py")}

    assert floors <= set(MAY_IMPORT) | ANYTHING


def test_the_domain_uses_no_library_that_touches_the_world() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in files_below("src/day23/domain", ".py")
        for name in _imports(path)
        if name in INPUT_AND_OUTPUT or _is_foreign(name.split(".")[0])
    ]

    assert wrong == []


def _is_allowed(floor: str, other: str) -> bool:
    return floor in ANYTHING or other in MAY_IMPORT[floor]


def _is_foreign(library: str) -> bool:
    return library not in sys.stdlib_module_names and library not in PURE_LIBRARIES | {"day23"}


def _floor(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "day23":
            yield from (f"day23.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
