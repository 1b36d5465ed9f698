"""Every role says what it takes, once, and its parts agree."""

import re
from pathlib import Path
from typing import Any

import pytest
from project_tree import ROOT, files_below, name_of, read_yaml

ROLES = sorted({path.relative_to(ROOT / "roles").parts[0] for path in files_below("roles")})
PARTS = ("defaults/main.yml", "meta/argument_specs.yml", "tasks/main.yml", "README.md")


def _part(role: str, part: str) -> Path:
    return ROOT / "roles" / role / part


def _defaults(role: str) -> dict[str, Any]:
    return read_yaml(_part(role, "defaults/main.yml")) or {}


def _options(role: str) -> dict[str, Any]:
    return read_yaml(_part(role, "meta/argument_specs.yml"))["argument_specs"]["main"].get("options", {})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("part", PARTS)
def test_a_role_has_every_part(role: str, part: str) -> None:
    assert _part(role, part).is_file()


@pytest.mark.parametrize("role", ROLES)
def test_defaults_and_argument_specs_name_the_same_variables(role: str) -> None:
    optional = {name for name, option in _options(role).items() if not option.get("required")}

    assert set(_defaults(role)) == optional


@pytest.mark.parametrize("role", ROLES)
def test_every_argument_is_typed_and_described(role: str) -> None:
    for name, option in _options(role).items():
        assert {"type", "description"} <= set(option), name


@pytest.mark.parametrize("role", ROLES)
def test_variables_carry_the_name_of_their_role(role: str) -> None:
    assert [name for name in _defaults(role) if not name.startswith(f"{role}_")] == []


@pytest.mark.parametrize("role", ROLES)
def test_the_readme_names_every_variable(role: str) -> None:
    readme = _part(role, "README.md").read_text(encoding="utf-8")

    assert [name for name in _options(role) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"stack", "preflight"}))
def test_a_role_reads_its_own_variables_and_those_of_the_stack_only(role: str) -> None:
    others = [other for other in ROLES if other not in {role, "stack"}]
    foreign = re.compile(rf"\{{\{{[^}}]*(?<![\w.'\"])({'|'.join(others)})_\w+")

    for path in files_below(f"roles/{role}"):
        if path.suffix in {".yml", ".j2"}:
            found = foreign.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{name_of(path)} reads {found.group(0) if found else ''}"
