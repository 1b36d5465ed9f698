"""Folders, target files, records, checker and purge below one stack root."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_record import ServiceRecord
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.configuration_checker import CommandChecker
from day23.infrastructure.scrape_targets import TargetFiles
from day23.infrastructure.service_files import EtcFolders
from day23.infrastructure.stack_purge import StackFiles
from day23.infrastructure.stack_records import StackRecords


@pytest.fixture
def paths(tmp_path: Path) -> StackPaths:
    return StackPaths(tmp_path / "stack")


def service(paths: StackPaths, *check: str, **files: str) -> ResolvedService:
    return ResolvedService(
        name="tiny",
        argv=("/bin/tiny",),
        check_argv=check,
        environment={"FROM_SPEC": "yes"},
        files=files,
        secrets=(),
        endpoints={},
        artifact_digest="",
        artifact_version="1",
        core_hash="",
        reload_hash="",
        stop_signal="TERM",
        stop_within=1,
        config_dir=paths.etc / "tiny",
        data_dir=paths.data / "tiny",
    )


def test_writes_only_what_differs_and_for_its_owner_only(paths: StackPaths) -> None:
    folders = EtcFolders(paths)
    folders.write(service(paths, a="1", b="2"))
    before = (paths.etc / "tiny" / "a").stat().st_mtime_ns

    folders.write(service(paths, a="1", b="3"))

    assert folders.present("tiny", ["a", "b", "missing"]) == {"a": "1", "b": "3"}
    assert (paths.etc / "tiny" / "a").stat().st_mtime_ns == before
    assert (paths.etc / "tiny" / "b").stat().st_mode & 0o777 == 0o600
    assert (paths.etc / "tiny").stat().st_mode & 0o777 == 0o700


def test_removes_folders_that_become_empty_and_no_others(paths: StackPaths) -> None:
    folders = EtcFolders(paths)
    folders.write(replace(service(paths), files={"x/y/a": "1", "x/b": "2"}))

    folders.remove("tiny", ["x/y/a"])
    assert [path.name for path in (paths.etc / "tiny").rglob("*")] == ["x", "b"]
    folders.remove("tiny", ["x/b", "never/was"])
    assert list(paths.etc.iterdir()) == []


def test_a_candidate_folder_vanishes_and_so_do_those_of_killed_runs(paths: StackPaths) -> None:
    folders = EtcFolders(paths)
    (paths.etc / ".tiny.candidate-killed").mkdir(parents=True)

    with folders.candidate_folder("tiny") as folder:
        assert [path.name for path in paths.etc.iterdir()] == [folder.name]
        assert folder.stat().st_mode & 0o777 == 0o700

    assert list(paths.etc.iterdir()) == []


def test_a_rejected_candidate_replaces_the_one_before(paths: StackPaths) -> None:
    folders = EtcFolders(paths)
    for content in ("first", "second"):
        with folders.candidate_folder("tiny") as folder:
            (folder / "a").write_text(content)
            kept = folders.keep_rejected("tiny", folder)

    assert (kept / "a").read_text() == "second"


def test_target_files_are_written_and_withdrawn(paths: StackPaths) -> None:
    targets = TargetFiles(paths)

    targets.write("tiny", "[]")
    assert targets.present("tiny") == "[]"
    targets.write("tiny", None)
    targets.write("tiny", None)
    assert targets.present("tiny") is None


def test_records_are_kept_by_name(paths: StackPaths) -> None:
    records = StackRecords(paths)
    second, first = (ServiceRecord(name=name, state="skipped", reason="x") for name in ("b", "a"))
    records.save(second)
    records.save(first)

    assert records.load_all() == (first, second)
    assert records.load("a") == first
    assert records.load("c") is None
    assert (records.delete("a"), records.delete("a")) == (True, False)
    assert (paths.records / "b.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "a"}', "\x00"])
def test_a_damaged_record_is_named(paths: StackPaths, content: str) -> None:
    paths.records.mkdir(parents=True)
    (paths.records / "loki.json").write_text(content)

    with pytest.raises(ToolkitError, match=r"record of loki is damaged .*loki\.json"):
        StackRecords(paths).load("loki")


def test_a_record_of_a_newer_version_is_still_read(paths: StackPaths) -> None:
    paths.records.mkdir(parents=True)
    (paths.records / "a.json").write_text(json.dumps({"name": "a", "state": "applied", "new_field": 1}))

    record = StackRecords(paths).load("a")

    assert record is not None
    assert record.state == "applied"


def checked(paths: StackPaths, program: str) -> str | None:
    checkable = service(paths, sys.executable, "-c", program, a="1")
    EtcFolders(paths).write(checkable)
    return CommandChecker().complaint(checkable)


def test_the_checker_hears_both_streams_and_obeys_the_exit_status(paths: StackPaths) -> None:
    says = "import sys; print('out'); sys.stderr.write('a:3: bad'); "

    assert checked(paths, says + "sys.exit(0)") is None
    assert set((checked(paths, says + "sys.exit(1)") or "").splitlines()) == {"out", "a:3: bad"}
    assert checked(paths, "raise SystemExit(3)") == "its check left with status 3"


def test_the_checker_runs_in_the_folder_with_the_environment_of_the_service(
    paths: StackPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMEBODYS_TOKEN", "secret")
    program = (
        "import os; assert open('a').read() == '1'; "
        "assert os.environ['FROM_SPEC'] == 'yes' and 'SOMEBODYS_TOKEN' not in os.environ"
    )

    assert checked(paths, program) is None


def test_a_checker_that_cannot_run_or_hangs_is_told(
    paths: StackPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = service(paths, "/nowhere/promtool")
    EtcFolders(paths).write(missing)
    assert CommandChecker().complaint(missing) == "its check cannot be run: No such file or directory"

    monkeypatch.setattr("day23.infrastructure.configuration_checker._CHECK_SECONDS", 0.2)
    assert checked(paths, "import time; time.sleep(60)") == "its check did not end within 0.2 s"


def test_purging_leaves_nothing_but_locks(paths: StackPaths) -> None:
    for folder in (paths.data / "mongodb", paths.logs, paths.etc, paths.secrets, paths.records):
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
    (paths.run / "stack.lock").write_text("")
    (paths.run / "stack.json").write_text("{}")
    state = StackFiles(paths)

    assert state.present() == (paths.data, paths.logs, paths.etc, paths.secrets)
    state.purge()

    assert [str(path.relative_to(paths.root)) for path in paths.root.rglob("*")] == ["run", "run/stack.lock"]
    assert state.present() == ()
    state.purge()
