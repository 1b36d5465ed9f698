"""No engine conditionals outside the engine: the one lesson of every code base with two engines."""

import re
from pathlib import Path

from project_tree import ROOT, name_of, project_files

ALLOWED = (
    "roles/stack/",
    "roles/preflight/",
    "inventories/",
    "src/day23/infrastructure/engines/",
    "docs/",
    "tests/",
)
CODE = (".py", ".yml", ".yaml", ".j2", ".cfg")
ENGINE_VARIABLE = re.compile(r"(?<!-e )\bstack_engine\b")
"""Telling people what to type (`-e stack_engine=...`) is no branch."""
ENGINE_BRANCH = re.compile(
    r"""\bengine\b[^\n]{0,20}(==|!=|\bin\b|\bis\b)\s*[("'\[]*(process|docker)\b|['"](process|docker)['"]\s*(==|!=)"""
)


def _candidates() -> list[Path]:
    return [
        path
        for path in project_files()
        if path.suffix in CODE and not name_of(path).startswith((*ALLOWED, "build/"))
    ]


def test_the_engine_word_stays_in_its_places() -> None:
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in _candidates()}
    naming = [name for name, text in texts.items() if ENGINE_VARIABLE.search(text)]
    branching = [name for name, text in texts.items() if ENGINE_BRANCH.search(text)]

    assert (naming, branching) == ([], [])


def test_the_allowed_places_exist() -> None:
    assert [place for place in ALLOWED if not (ROOT / place).is_dir()] == []
