"""What the tree itself promises."""

import ast
import os
import re
from pathlib import Path

import pytest
from project_tree import ROOT, files_below, name_of, project_files, syntax_tree

MOST_LINES_OF_A_FUNCTION = 25
MOST_STATEMENTS_OF_A_SCRIPT = 3
MACHINE_PATH = re.compile(r"(?<![\w.$}])(/work/|/opt/wheels)[\w.]")
HOME_FOLDER = re.compile(r"(?<![\w.$}])(/home/|/root/|/Users/)[\w.]")
PACKAGE_INDEX = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host|GOPROXY\s*=\s*['\"]?http")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
GENERATED = ("build/", "requirements")


def _texts() -> list[Path]:
    checked = [path for path in project_files() if not name_of(path).startswith(GENERATED)]
    return [path for path in checked if path != Path(__file__) and b"\0" not in path.read_bytes()]


def test_no_file_names_a_machine() -> None:
    homes = [found for found in _matches(HOME_FOLDER) if not found.startswith("tests/")]

    assert _matches(MACHINE_PATH) + homes == []


def test_nothing_is_left_unfinished() -> None:
    assert _matches(UNFINISHED) == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "requirements-hosts.txt"])
def test_the_locks_pin_by_hash_and_name_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.findall(
        r"^[A-Za-z0-9][\w.\[\]-]*==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE
    )

    assert len(packages) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))
    assert not PACKAGE_INDEX.search(text)


def test_the_locks_contain_each_other_up_to_the_development_lock() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-hosts.txt") <= pins("requirements-dev.txt")


def test_what_has_a_shebang_is_executable_and_nothing_else_is() -> None:
    programs = [
        path for path in project_files() if path.read_bytes()[:2] == b"#!" and path.parent.name != "library"
    ]
    executable = [path for path in project_files() if os.access(path, os.X_OK)]

    assert [name_of(path) for path in executable] == [name_of(path) for path in programs]


def test_a_script_is_a_docstring_and_three_lines() -> None:
    sizes = {name_of(path): _statements(path) for path in files_below("scripts", ".py")}

    assert {name: size for name, size in sizes.items() if size > MOST_STATEMENTS_OF_A_SCRIPT} == {}


def test_functions_stay_small() -> None:
    sizes = {
        f"{name_of(path)}: {node.name}": _body_lines(node)
        for path in files_below("src/day23", ".py")
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION} == {}


def _matches(pattern: re.Pattern[str]) -> list[str]:
    texts = ((path, path.read_text(encoding="utf-8")) for path in _texts())
    return [f"{name_of(path)}: {match.group(0)}" for path, text in texts for match in pattern.finditer(text)]


def _statements(script: Path) -> int:
    return sum(not _is_docstring(node) for node in syntax_tree(script).body)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    statements = [node for node in function.body if not _is_docstring(node)]
    return statements[-1].end_lineno - statements[0].lineno + 1 if statements else 0
