"""JSON and YAML parse, and nobody committed a merge conflict."""

import json
import re
from pathlib import Path

import pytest
import yaml
from project_tree import name_of, project_files

CONFLICT = re.compile(rb"^(<{7} |={7}\r?$|>{7} )", re.MULTILINE)


def _with_suffix(*suffixes: str) -> list[Path]:
    return [path for path in project_files() if path.suffix in suffixes]


@pytest.mark.parametrize("path", _with_suffix(".json"), ids=name_of)
def test_json_parses(path: Path) -> None:
    json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", _with_suffix(".yml", ".yaml"), ids=name_of)
def test_yaml_parses(path: Path) -> None:
    list(yaml.compose_all(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))


def test_no_file_holds_a_merge_conflict() -> None:
    assert [name_of(path) for path in project_files() if _is_conflicted(path.read_bytes())] == []


def _is_conflicted(content: bytes) -> bool:
    return len({match.group(0)[:1] for match in CONFLICT.finditer(content)}) > 1
