"""Artefacts are fetched once, verified at every use, and named when they cannot be had."""

import io
import os
import subprocess
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from artifact_fakes import SCRIPT, RecordedProgress

from day23.application.ports import ProgressState
from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.infrastructure.artifacts.checksums import file_sha256
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.locks import exclusive_lock

MakeWheel = Callable[[str, dict[str, bytes]], str]


def artifact(**sources: Any) -> Artifact:
    return Artifact.model_validate({"name": "program", "version": "1.0", **sources})


def wheel_of(sha256: str, **more: Any) -> dict[str, Any]:
    binaries = {"program": "package/bin/program"}
    return {"requirement": "program==1.0", "sha256": sha256, "binaries": binaries, **more}


@pytest.fixture
def wheel(make_wheel: MakeWheel) -> dict[str, Any]:
    return wheel_of(make_wheel("program", {"program-1.0.data/purelib/package/bin/program": SCRIPT}))


def resolved(outcome: ResolvedArtifact | Unavailable) -> ResolvedArtifact:
    assert isinstance(outcome, ResolvedArtifact), outcome
    return outcome


def refused(outcome: ResolvedArtifact | Unavailable) -> Unavailable:
    assert isinstance(outcome, Unavailable), outcome
    return outcome


class TestHostPrograms:
    def test_a_program_of_the_host_needs_no_fetching(self, store: ArtifactStore, tmp_path: Path) -> None:
        program = tmp_path / "grafana"
        program.write_bytes(SCRIPT)
        program.chmod(0o755)
        found = resolved(store.resolve(artifact(path=str(program)), ("path", "wheel")))
        assert found.binaries == {"program": program}
        assert found.source == "path"

    def test_an_upgrade_on_the_host_changes_the_digest(self, store: ArtifactStore, tmp_path: Path) -> None:
        program = tmp_path / "grafana"
        program.write_bytes(SCRIPT)
        program.chmod(0o755)
        wanted = artifact(path=str(program))
        before = resolved(store.resolve(wanted, ("path",))).digest
        assert resolved(store.resolve(wanted, ("path",))).digest == before
        program.write_bytes(SCRIPT.replace(b"1.0", b"2.0"))
        assert resolved(store.resolve(wanted, ("path",))).digest != before

    def test_a_missing_program_is_named(self, store: ArtifactStore, progress: RecordedProgress) -> None:
        outcome = store.fetch([artifact(path="/nowhere/grafana")], ("path",), progress)["program"]
        assert "/nowhere/grafana is not an executable file" in refused(outcome).reason
        assert refused(outcome).where == "program_artifact.path"

    def test_an_artifact_without_a_usable_source_says_so(self, store: ArtifactStore) -> None:
        outcome = refused(store.resolve(artifact(path=None), ("path", "go")))
        assert outcome.reason == "program has no source that this engine can use"

    def test_sources_that_the_engine_cannot_use_are_ignored(self, store: ArtifactStore) -> None:
        outcome = store.resolve(artifact(assemble={"base": "scratch"}), ("path", "go"))
        assert isinstance(outcome, Unavailable)


class TestToolkitPrograms:
    def test_the_virtual_environment_runs_our_own_services(self, store: ArtifactStore) -> None:
        found = resolved(
            store.resolve(artifact(toolkit={"binaries": {"python": "bin/python"}}), ("toolkit",))
        )
        ran = subprocess.run([found.binaries["python"], "-c", "import day23"], check=False)
        assert ran.returncode == 0


class TestWheels:
    def test_a_wheel_is_fetched_once_and_then_found_without_network(
        self,
        store: ArtifactStore,
        wheel: dict[str, Any],
        progress: RecordedProgress,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        wanted = artifact(wheel=wheel)
        assert "has not been fetched" in refused(store.resolve(wanted, ("wheel",))).reason
        found = resolved(store.fetch([wanted], ("wheel",), progress)["program"])
        assert progress.states("program")[-1] is ProgressState.DONE
        assert subprocess.check_output([found.binaries["program"]]) == b"program 1.0\n"
        monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
        quiet = RecordedProgress()
        assert store.fetch([wanted], ("wheel",), quiet)["program"] == found
        assert store.resolve(wanted, ("wheel",)) == found
        assert quiet.reports == []

    def test_a_damaged_binary_is_never_used_and_the_next_fetch_heals_it(
        self, store: ArtifactStore, wheel: dict[str, Any], progress: RecordedProgress
    ) -> None:
        wanted = artifact(wheel=wheel)
        found = resolved(store.fetch([wanted], ("wheel",), progress)["program"])
        found.binaries["program"].write_bytes(SCRIPT.replace(b"1.0", b"6.6"))
        assert isinstance(store.resolve(wanted, ("wheel",)), Unavailable)
        assert store.fetch([wanted], ("wheel",), progress)["program"] == found
        assert found.binaries["program"].read_bytes() == SCRIPT

    def test_a_copied_cache_is_verified_by_content(
        self, store: ArtifactStore, wheel: dict[str, Any], progress: RecordedProgress
    ) -> None:
        wanted = artifact(wheel=wheel)
        found = resolved(store.fetch([wanted], ("wheel",), progress)["program"])
        os.utime(found.binaries["program"], ns=(1, 1))
        assert store.resolve(wanted, ("wheel",)) == found

    def test_a_wrong_checksum_is_named_and_nothing_is_kept(
        self, store: ArtifactStore, wheel: dict[str, Any], progress: RecordedProgress
    ) -> None:
        wanted = artifact(wheel={**wheel, "sha256": "0" * 64})
        outcome = refused(store.fetch([wanted], ("wheel",), progress)["program"])
        assert "program==1.0 does not have the pinned checksum" in outcome.reason
        assert progress.states("program")[-1] is ProgressState.FAILED
        assert isinstance(store.resolve(wanted, ("wheel",)), Unavailable)

    def test_an_index_without_the_wheel_is_one_clear_sentence(
        self, store: ArtifactStore, make_wheel: MakeWheel, progress: RecordedProgress
    ) -> None:
        del make_wheel
        outcome = refused(store.fetch([artifact(wheel=wheel_of("0" * 64))], ("wheel",), progress)["program"])
        assert "cannot download program==1.0" in outcome.reason
        assert "\n" not in outcome.reason
        assert "check the network" in outcome.next_step

    def test_a_path_that_the_wheel_lacks_is_named(
        self, store: ArtifactStore, wheel: dict[str, Any], progress: RecordedProgress
    ) -> None:
        wanted = artifact(wheel={**wheel, "binaries": {"program": "package/bin/other"}})
        outcome = refused(store.fetch([wanted], ("wheel",), progress)["program"])
        assert "the wheel has no package/bin/other" in outcome.reason

    def test_one_failure_does_not_stop_the_others(
        self, store: ArtifactStore, wheel: dict[str, Any], progress: RecordedProgress
    ) -> None:
        bad = Artifact.model_validate({"name": "bad", "version": "1", "wheel": {**wheel, "sha256": "0" * 64}})
        outcomes = store.fetch([bad, artifact(wheel=wheel)], ("wheel",), progress)
        assert isinstance(outcomes["bad"], Unavailable)
        assert isinstance(outcomes["program"], ResolvedArtifact)

    def test_two_stacks_fetch_once(
        self, store: ArtifactStore, cache_dir: Path, wheel: dict[str, Any], progress: RecordedProgress
    ) -> None:
        stacks = [store, ArtifactStore(cache_dir, Path("/nowhere"))]
        outcomes: list[ResolvedArtifact | Unavailable] = []

        def fetch(each: ArtifactStore) -> None:
            outcomes.append(each.fetch([artifact(wheel=wheel)], ("wheel",), progress)["program"])

        threads = [threading.Thread(target=fetch, args=(each,)) for each in stacks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert resolved(outcomes[0]) == resolved(outcomes[1])
        assert len([detail for _, _, detail in progress.reports if "downloading" in detail]) == 1


class TestBundledLibraries:
    @pytest.fixture
    def library(self, make_wheel: MakeWheel) -> dict[str, Any]:
        files = {
            "bundle.libs/libcurl-77.so.4.8": b"curl",
            "bundle.libs/libssl-99.so.3": b"ssl",
            "other.py": b"",
        }
        return {
            "file": "libcurl.so.4",
            "requirement": "bundle==1.0",
            "sha256": make_wheel("bundle", files),
            "member": "bundle.libs/libcurl-*.so.*",
            "debian_package": "libcurl4",
        }

    def test_a_library_that_the_host_lacks_comes_from_its_wheel(
        self,
        store: ArtifactStore,
        wheel: dict[str, Any],
        library: dict[str, Any],
        progress: RecordedProgress,
    ) -> None:
        wanted = artifact(wheel={**wheel, "libraries": [library]})
        found = resolved(store.fetch([wanted], ("wheel",), progress)["program"])
        folder = Path(found.environment["LD_LIBRARY_PATH"])
        assert (folder / "libcurl.so.4").read_bytes() == b"curl"
        assert (folder / "libssl-99.so.3").read_bytes() == b"ssl"
        assert not (folder / "other.py").exists()

    def test_the_host_s_own_library_is_preferred(
        self,
        store: ArtifactStore,
        wheel: dict[str, Any],
        library: dict[str, Any],
        loader_index: Path,
        progress: RecordedProgress,
    ) -> None:
        loader_index.write_bytes(b"glibc-ld.so.cache1.1\0/lib/x86_64-linux-gnu/libcurl.so.4\0")
        wanted = artifact(wheel={**wheel, "libraries": [library]})
        found = resolved(store.fetch([wanted], ("wheel",), progress)["program"])
        assert found.environment == {}

    def test_a_similar_name_is_not_the_library(
        self, store: ArtifactStore, wheel: dict[str, Any], library: dict[str, Any], loader_index: Path
    ) -> None:
        loader_index.write_bytes(b"\0/lib/libcurl.so.4.8.0\0/lib/xlibcurl.so.4\0/lib/libcurl-gnutls.so.4\0")
        wanted = artifact(wheel={**wheel, "libraries": [library]})
        assert isinstance(store.resolve(wanted, ("wheel",)), Unavailable)

    def test_without_either_the_package_to_install_is_named(
        self,
        store: ArtifactStore,
        wheel: dict[str, Any],
        library: dict[str, Any],
        progress: RecordedProgress,
    ) -> None:
        wanted = artifact(wheel={**wheel, "libraries": [{**library, "sha256": None}]})
        outcome = refused(store.fetch([wanted], ("wheel",), progress)["program"])
        assert "the host has no libcurl.so.4" in outcome.reason
        assert "install the Debian package libcurl4" in outcome.next_step


class TestArchives:
    @pytest.fixture(params=["tar", "zip"])
    def archive(self, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
        path = tmp_path / f"program.{request.param}"
        if request.param == "tar":
            with tarfile.open(path, "w:gz") as tarred:
                member = tarfile.TarInfo("program-1.0/bin/program")
                member.size = len(SCRIPT)
                tarred.addfile(member, io.BytesIO(SCRIPT))
        else:
            with zipfile.ZipFile(path, "w") as zipped:
                zipped.writestr("program-1.0/bin/program", SCRIPT)
        return {
            "url": path.as_uri(),
            "sha256": file_sha256(path),
            "strip_components": 1,
            "binaries": {"program": "bin/program"},
        }

    def test_a_release_archive_is_unpacked(
        self, store: ArtifactStore, archive: dict[str, Any], progress: RecordedProgress
    ) -> None:
        found = resolved(store.fetch([artifact(archive=archive)], ("archive",), progress)["program"])
        assert subprocess.check_output([found.binaries["program"]]) == b"program 1.0\n"
        assert store.resolve(artifact(archive=archive), ("archive",)) == found

    def test_a_wrong_checksum_falls_back_to_the_next_source(
        self,
        store: ArtifactStore,
        archive: dict[str, Any],
        wheel: dict[str, Any],
        progress: RecordedProgress,
    ) -> None:
        wanted = artifact(archive={**archive, "sha256": "0" * 64}, wheel=wheel)
        alone = refused(store.fetch([wanted], ("archive",), progress)["program"])
        assert "instead of the pinned 0000" in alone.reason
        assert resolved(store.fetch([wanted], ("archive", "wheel"), progress)["program"]).source == "wheel"

    def test_a_release_that_is_not_there_is_named(
        self, store: ArtifactStore, archive: dict[str, Any], progress: RecordedProgress
    ) -> None:
        wanted = artifact(archive={**archive, "url": "file:///nowhere/program.tar"})
        outcome = refused(store.fetch([wanted], ("archive",), progress)["program"])
        assert outcome.where == "file:///nowhere/program.tar"
        assert "cannot download the archive" in outcome.reason


def test_what_killed_runs_left_behind_is_removed_even_when_nothing_is_missing(
    store: ArtifactStore, cache_dir: Path, wheel: dict[str, Any], progress: RecordedProgress
) -> None:
    resolved(store.fetch([artifact(wheel=wheel)], ("wheel",), progress)["program"])
    abandoned = cache_dir / "work" / "abandoned"
    (abandoned / "modules").mkdir(parents=True)
    (cache_dir / "work" / "abandoned.lock").write_text("pid 1, fetch artefacts\n")
    resolved(store.fetch([artifact(wheel=wheel)], ("wheel",), progress)["program"])
    assert [path.name for path in (cache_dir / "work").iterdir()] == ["sweep.lock"]


def test_the_workshop_of_a_run_that_is_alive_is_left_alone(
    store: ArtifactStore, cache_dir: Path, wheel: dict[str, Any], progress: RecordedProgress
) -> None:
    busy = cache_dir / "work" / "busy"
    busy.mkdir(parents=True)
    with exclusive_lock(cache_dir / "work" / "busy.lock", "fetch artefacts"):
        resolved(store.fetch([artifact(wheel=wheel)], ("wheel",), progress)["program"])
        assert busy.exists()


def test_resolving_a_large_binary_does_not_read_it_again(store: ArtifactStore, tmp_path: Path) -> None:
    program = tmp_path / "large"
    with program.open("wb") as stream:
        stream.truncate(200_000_000)
    program.chmod(0o755)
    wanted = artifact(path=str(program))
    first = resolved(store.resolve(wanted, ("path",)))
    started = time.perf_counter()
    assert store.resolve(wanted, ("path",)) == first
    assert time.perf_counter() - started < 0.01
