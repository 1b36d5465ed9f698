"""From a role's description to what exactly runs."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.artifact import ResolvedArtifact
from day23.domain.errors import ToolkitError
from day23.domain.resolve_service import fill, for_candidate, resolve
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_spec import PLACEHOLDERS, ServiceSpec
from day23.domain.stack_paths import StackPaths

PATHS = StackPaths(Path("/srv/stack"))
WORDS = {word: f"<{word}>" for word in PLACEHOLDERS}
ARTIFACT = ResolvedArtifact(
    name="loki",
    version="3.7.8",
    source="go",
    digest="d" * 64,
    binaries={"loki": Path("/cache/loki"), "lokitool": Path("/cache/lokitool")},
    environment={"LD_LIBRARY_PATH": "/cache/lib"},
)
DESCRIPTION: dict[str, Any] = {
    "name": "loki",
    "artifact": {"name": "loki", "version": "3.7.8", "path": "/cache/loki"},
    "command": ["loki", "-config.file={config}/loki.yml"],
    "listen": {"http": 3100, "grpc": 9095},
    "files": {"loki.yml": "dir: {data}\n", "rules/a.yml": "a\n"},
    "check": ["lokitool", "-verify", "{config}/loki.yml"],
    "ready": {"http": "/ready"},
    "reload": {"files": ["rules/a.yml"]},
}


def resolved(
    artifact: ResolvedArtifact = ARTIFACT, bind: str = "127.0.0.1", **changes: Any
) -> ResolvedService:
    return resolve(ServiceSpec.model_validate(DESCRIPTION | changes), artifact, PATHS, bind)


def test_settles_paths_binaries_and_addresses() -> None:
    service = resolved()

    assert service.argv == ("/cache/loki", "-config.file=/srv/stack/etc/loki/loki.yml")
    assert service.files["loki.yml"] == "dir: /srv/stack/data/loki\n"
    assert service.endpoints == {"http": "127.0.0.1:3100", "grpc": "127.0.0.1:9095"}
    assert service.environment == {"LD_LIBRARY_PATH": "/cache/lib"}


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("config", "/srv/stack/etc/loki"),
        ("data", "/srv/stack/data/loki"),
        ("logs", "/srv/stack/logs"),
        ("run", "/srv/stack/run"),
        ("secrets", "/srv/stack/secrets"),
        ("metrics", "/srv/stack/run/metrics"),
        ("bind", "127.0.0.1"),
    ],
)
def test_knows_every_placeholder(word: str, path: str) -> None:
    assert resolved(environment={"X": f"{{{word}}}"}).environment["X"] == path


def test_peers_of_a_service_on_every_address_reach_it_by_loopback() -> None:
    service = resolved(bind="0.0.0.0", environment={"BIND": "{bind}"})  # noqa: S104

    assert service.environment["BIND"] == "0.0.0.0"  # noqa: S104
    assert service.endpoints["http"] == "127.0.0.1:3100"


def test_limits_become_the_variables_that_go_programs_obey() -> None:
    environment = resolved(limits={"memory_mb": 200, "cpus": 1.5}).environment

    assert (environment["GOMEMLIMIT"], environment["GOMAXPROCS"]) == ("180MiB", "2")


def test_a_role_overrules_what_limits_and_artefact_say() -> None:
    own = {"GOMAXPROCS": "7", "LD_LIBRARY_PATH": "/mine"}

    assert resolved(limits={"cpus": 1}, environment=own).environment == own


def test_the_check_sees_the_candidate_folder_everywhere() -> None:
    content = "rules: {config}/rules/*.yml, data: {data}\n"
    candidate = for_candidate(resolved(files={"loki.yml": content, "rules/a.yml": ""}), Path("/srv/new"))

    assert candidate.check_argv == ("/cache/lokitool", "-verify", "/srv/new/loki.yml")
    assert candidate.files["loki.yml"] == "rules: /srv/new/rules/*.yml, data: /srv/stack/data/loki\n"
    assert candidate.config_dir == Path("/srv/new")


def test_a_command_must_name_a_binary_of_the_artefact() -> None:
    with pytest.raises(
        ToolkitError, match=r"'promtail' is not a binary .* \(loki_service.command\).*loki, lokitool"
    ):
        resolved(command=["promtail"])


@pytest.mark.parametrize("path", ["/etc/passwd", "../loki.yml", "a/../../b", ""])
def test_files_stay_inside_the_configuration_folder(path: str) -> None:
    with pytest.raises(ToolkitError, match=r"loki_service\.files"):
        resolved(files={path: "", "rules/a.yml": ""})


@pytest.mark.parametrize(
    "change",
    [
        {"command": ["loki", "-x"]},
        {"environment": {"A": "b"}},
        {"listen": {"http": 3101, "grpc": 9095}},
        {"files": {"loki.yml": "other\n", "rules/a.yml": "a\n"}},
        {"files": {"loki.yml": "dir: {data}\n", "rules/a.yml": "a\n", "new.yml": ""}},
        {"secrets": ["loki_password"]},
        {"stop": {"signal": "INT"}},
        {"limits": {"cpus": 1}},
        {"artifact": ResolvedArtifact("loki", "3.7.8", "go", "e" * 64, ARTIFACT.binaries, {})},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_runs_moves_the_core_hash(change: dict[str, Any]) -> None:
    assert resolved(**change).core_hash != resolved().core_hash


@pytest.mark.parametrize(
    "change",
    [
        {"ready": {"tcp": "http"}},
        {"metrics": {"job": "loki"}},
        {"check": []},
        {"optional": True},
        {"unavailable_hint": "x"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_does_not_run_moves_no_hash(change: dict[str, Any]) -> None:
    changed = resolved(**change)

    assert (changed.core_hash, changed.reload_hash) == (resolved().core_hash, resolved().reload_hash)


def test_reload_files_move_the_reload_hash_only() -> None:
    changed = resolved(files={"loki.yml": "dir: {data}\n", "rules/a.yml": "b\n"})

    assert changed.core_hash == resolved().core_hash
    assert changed.reload_hash != resolved().reload_hash


@given(st.text(alphabet=st.sampled_from("{}bindata \n$%") | st.characters(), max_size=80))
def test_text_without_a_known_word_in_single_braces_stays(text: str) -> None:
    if not any(f"{{{word}}}" in text for word in PLACEHOLDERS):
        assert fill(text, WORDS) == text


@given(st.lists(st.sampled_from(PLACEHOLDERS) | st.text(alphabet=" :/a\n", max_size=5), max_size=12))
def test_every_known_word_is_replaced_wherever_it_stands(parts: list[str]) -> None:
    template = "".join(f"{{{part}}}" if part in PLACEHOLDERS else part for part in parts)
    expected = "".join(WORDS[part] if part in PLACEHOLDERS else part for part in parts)

    # neighbours such as "{a}{b}" are no doubled braces
    assert fill(template, WORDS) == expected


@pytest.mark.parametrize("text", ["{{data}}", "{{ data }}", "{ data }", "{Data}", '{job="data"}', "{datas}"])
def test_the_braces_of_other_languages_stay(text: str) -> None:
    assert fill(text, WORDS) == text


def test_a_value_that_looks_like_a_placeholder_is_not_replaced_again() -> None:
    assert fill("{config}", {"config": "/srv/{data}/x", "data": "!"}) == "/srv/{data}/x"
