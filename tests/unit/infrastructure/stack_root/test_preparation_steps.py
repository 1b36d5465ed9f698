"""What each preparation step does to a stack root, and what it refuses."""

import os
import stat
from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.stack_environment import StackEnvironment
from day23.domain.stack_identity import StackIdentity
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.secret_store import SecretStore
from day23.infrastructure.stack_root.environment_file import ENVIRONMENT_SECRETS, EnvironmentFile
from day23.infrastructure.stack_root.folders import StackFolders, refuse_unwritable
from day23.infrastructure.stack_root.identity import IdentityFile
from day23.infrastructure.stack_root.secrets import StackSecrets


@pytest.fixture
def paths(tmp_path: Path) -> StackPaths:
    return StackPaths(tmp_path / "my root")


@pytest.fixture
def environment_file(tmp_path: Path, paths: StackPaths) -> EnvironmentFile:
    environment = StackEnvironment(
        mongodb="127.0.0.1:28217",
        llm_api="127.0.0.1:9200",
        prometheus="127.0.0.1:10290",
        llm_model="model",
        database="butler",
        dataset_dir=tmp_path / "data",
        repository=tmp_path,
    )
    return EnvironmentFile(tmp_path / ".env.infra", SecretStore(paths), environment)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_made_as_predicted_and_closed_to_others(paths: StackPaths) -> None:
    step = StackFolders(paths)
    predicted = step.pending()
    assert not paths.root.exists()
    assert step.apply() == predicted
    assert step.apply() == []
    folders = [paths.root, *(path for path in paths.root.rglob("*") if path.is_dir())]
    assert {folder.relative_to(paths.root).as_posix() for folder in folders} == {
        *(".", "etc", "etc/prometheus", "etc/prometheus/targets", "data", "logs"),
        *("run", "run/metrics", "run/services", "secrets"),
    }
    assert {mode(folder) for folder in folders} == {0o700}


def test_an_opened_folder_is_closed_again(paths: StackPaths) -> None:
    step = StackFolders(paths)
    step.apply()
    paths.secrets.chmod(0o755)
    assert step.apply() == [f"close {paths.secrets}"]
    assert mode(paths.secrets) == 0o700


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(ToolkitError, match="a file is in the way") as raised:
        StackFolders(StackPaths(tmp_path / "taken" / "root")).pending()
    assert raised.value.where == str(tmp_path / "taken")


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, rights: path != tmp_path)
    with pytest.raises(ToolkitError, match="cannot be written by this user"):
        refuse_unwritable(tmp_path / "deep" / "root")


def test_only_missing_secrets_are_made(paths: StackPaths) -> None:
    store = SecretStore(paths)
    store.ensure(["mongodb_admin"])
    step = StackSecrets(store, ["mongodb_admin", "grafana_password"])
    assert step.pending() == ["make secret grafana_password"]
    assert step.apply() == ["make secret grafana_password"]
    assert step.pending() == step.apply() == []


def test_the_environment_file_is_written_once_and_private(
    tmp_path: Path, paths: StackPaths, environment_file: EnvironmentFile
) -> None:
    path = tmp_path / ".env.infra"
    assert environment_file.pending() == [f"write {path}"]
    assert not path.exists()
    SecretStore(paths).ensure(ENVIRONMENT_SECRETS)
    assert environment_file.apply() == [f"write {path}"]
    assert mode(path) == 0o600
    assert f"MONGO_PASSWORD={SecretStore(paths).read('mongodb_admin')}\n" in path.read_text(encoding="utf-8")
    before = path.stat().st_mtime_ns
    assert environment_file.apply() == []
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "spoil", [lambda path: path.chmod(0o644), lambda path: path.open("a").write("X=1\n")]
)
def test_a_changed_or_opened_environment_file_is_corrected(
    tmp_path: Path, paths: StackPaths, environment_file: EnvironmentFile, spoil: object
) -> None:
    path = tmp_path / ".env.infra"
    SecretStore(paths).ensure(ENVIRONMENT_SECRETS)
    environment_file.apply()
    good = path.read_text(encoding="utf-8")
    assert callable(spoil)
    spoil(path)
    assert environment_file.apply() == [f"write {path}"]
    assert (path.read_text(encoding="utf-8"), mode(path)) == (good, 0o600)


def test_somebody_else_s_environment_file_is_never_replaced(
    tmp_path: Path, paths: StackPaths, environment_file: EnvironmentFile
) -> None:
    path = tmp_path / ".env.infra"
    path.write_text("MONGO_PASSWORD=precious\n", encoding="utf-8")
    SecretStore(paths).ensure(ENVIRONMENT_SECRETS)
    for act in (environment_file.pending, environment_file.apply):
        with pytest.raises(ToolkitError, match="was not written by day23"):
            act()
    assert path.read_text(encoding="utf-8") == "MONGO_PASSWORD=precious\n"


def test_the_maker_is_recorded_once(paths: StackPaths) -> None:
    step = IdentityFile(paths, StackIdentity(engine="process", toolkit_version="1.0"))
    assert step.recorded() is None
    assert len(step.apply()) == 1
    assert step.recorded() == StackIdentity(engine="process", toolkit_version="1.0")
    assert step.apply() == []


def test_an_upgrade_is_recorded_and_a_downgrade_refused(paths: StackPaths) -> None:
    IdentityFile(paths, StackIdentity(engine="process", toolkit_version="1.0")).apply()
    newer = IdentityFile(paths, StackIdentity(engine="process", toolkit_version="1.1"))
    assert len(newer.apply()) == 1
    with pytest.raises(ToolkitError, match=r"which is newer than this 1\.0"):
        IdentityFile(paths, StackIdentity(engine="process", toolkit_version="1.0")).apply()
    assert newer.apply() == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"engine": 1}'])
def test_a_damaged_record_is_named(paths: StackPaths, content: str) -> None:
    paths.run.mkdir(parents=True)
    (paths.run / "stack.json").write_text(content, encoding="utf-8")
    with pytest.raises(ToolkitError, match="is damaged") as raised:
        IdentityFile(paths, StackIdentity(engine="process", toolkit_version="1.0")).pending()
    assert raised.value.where == str(paths.run / "stack.json")
