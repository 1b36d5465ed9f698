"""The words of make, pre-commit and Invoke name things that exist."""

import re
from pathlib import Path

import pytest
from invoke.collection import Collection
from project_tree import ROOT, files_below, read_yaml

from day23.presentation.invoke_tasks import make_namespace

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))


def _namespace() -> Collection:
    return make_namespace(project=str(ROOT))


def test_make_calls_only_words_that_invoke_knows() -> None:
    called = set(re.findall(r"\$\(INVOKE\) ([\w.-]+)", MAKEFILE)) - {"--list"}

    assert called - set(_namespace().task_names) == set()


@pytest.mark.parametrize("word", ["day-23-up", "day-23-down", "day-12-up"])
def test_the_guides_words_exist_in_make_and_invoke(word: str) -> None:
    assert word in TARGETS
    assert word in _namespace().task_names


@pytest.mark.parametrize("gate", ["lint", "typecheck", "unit", "integration", "coverage", "security", "test"])
def test_the_plans_gates_are_make_targets(gate: str) -> None:
    assert gate in TARGETS


def test_pre_commit_runs_the_gates_of_make_and_needs_no_network() -> None:
    repositories = read_yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    entries = [hook["entry"] for repository in repositories for hook in repository["hooks"]]

    assert {repository["repo"] for repository in repositories} == {"local"}
    assert {entry.removeprefix("make ") for entry in entries} <= TARGETS
    assert {target for target in TARGETS if target.startswith("gate-")} == {
        e.removeprefix("make ") for e in entries
    }


def test_every_task_runs_a_playbook_that_exists() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in files_below("src/day23/presentation/invoke_tasks")
    )
    verbs = set(re.findall(r'play\(\s*context, "(\w+)"', source))

    assert verbs
    assert verbs - {path.stem for path in files_below("playbooks", ".yml")} == set()


def test_every_argument_of_every_task_has_help() -> None:
    namespace = _namespace()
    arguments = {name: namespace[name].get_arguments() for name in namespace.task_names}

    assert [(name, each.name) for name, group in arguments.items() for each in group if not each.help] == []


def test_the_entry_point_of_continuous_integration_is_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "make test" in Path(ROOT / "README.md").read_text(encoding="utf-8")
