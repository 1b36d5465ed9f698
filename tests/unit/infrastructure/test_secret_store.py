"""What the secret store promises."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.secret_store import SecretStore


@pytest.fixture
def store(tmp_path: Path) -> SecretStore:
    return SecretStore(StackPaths(tmp_path))


def test_a_secret_is_made_once_and_kept(store: SecretStore) -> None:
    assert store.missing(["mongodb_admin"]) == ("mongodb_admin",)
    assert store.ensure(["mongodb_admin"]) == ("mongodb_admin",)
    first = store.read("mongodb_admin")
    assert store.ensure(["mongodb_admin"]) == ()
    assert store.read("mongodb_admin") == first


def test_passwords_and_key_files_have_their_lengths_and_nobody_else_may_read_them(
    store: SecretStore, tmp_path: Path
) -> None:
    store.ensure(["mongodb_admin", "mongodb_keyfile"])
    assert len(bytes.fromhex(store.read("mongodb_admin"))) == 24
    assert len(bytes.fromhex(store.read("mongodb_keyfile"))) == 192
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "secrets").iterdir()}
    assert modes == {"mongodb_admin": 0o600, "mongodb_keyfile": 0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_two_secrets_are_never_the_same(store: SecretStore) -> None:
    names = [f"secret_{number}" for number in range(20)]
    store.ensure(names)
    assert len({store.read(name) for name in names}) == len(names)


def test_of_many_that_make_one_secret_at_once_exactly_one_wins(tmp_path: Path) -> None:
    for round_number in range(20):
        barrier = Barrier(4)
        name = f"shared_{round_number}"

        def make(_: int, barrier: Barrier = barrier, name: str = name) -> tuple[tuple[str, ...], str]:
            store = SecretStore(StackPaths(tmp_path))
            barrier.wait()
            return store.ensure([name]), store.read(name)

        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(make, range(4)))
        assert [made for made, _ in answers].count((name,)) == 1
        assert len({value for _, value in answers}) == 1


def test_no_temporary_file_is_left(store: SecretStore, tmp_path: Path) -> None:
    store.ensure(["grafana_password"])
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["grafana_password"]


def test_a_missing_secret_is_named_with_the_next_step(store: SecretStore) -> None:
    with pytest.raises(ToolkitError, match=r"there is no secret mongodb_seeder .*make day-23-up"):
        store.read("mongodb_seeder")


def test_the_newline_of_an_editor_is_not_part_of_the_secret(store: SecretStore, tmp_path: Path) -> None:
    store.ensure(["mongodb_admin"])
    (tmp_path / "secrets" / "mongodb_admin").write_text("changed-by-hand\n", encoding="utf-8")
    assert store.read("mongodb_admin") == "changed-by-hand"


@given(content=st.binary(max_size=40))
def test_a_secret_is_either_safe_in_a_url_or_refused_without_being_repeated(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    paths = StackPaths(tmp_path_factory.mktemp("root"))
    paths.secrets.mkdir()
    paths.secret("by_hand").write_bytes(content)
    value, message = _read(SecretStore(paths), "by_hand")
    if value is None:
        assert "by_hand" in message
        assert len(content) < 8 or content.decode("utf-8", "replace") not in message
    else:
        assert value.encode() == content.strip()
        assert not set(value) & set(" &$#'\"/@:?%")


def _read(store: SecretStore, name: str) -> tuple[str | None, str]:
    try:
        return store.read(name), ""
    except ToolkitError as error:
        return None, str(error)


@pytest.mark.parametrize("name", ["../escape", "a/b", "", "A", "1st", "x" * 62])
def test_a_name_cannot_leave_the_folder(store: SecretStore, name: str) -> None:
    with pytest.raises(ToolkitError, match="is not a name of a secret"):
        store.ensure([name])
