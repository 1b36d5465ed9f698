"""Small artefacts that need no network: wheels, archives and a pretended Go."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from artifact_fakes import RecordedProgress, write_go

from day23.infrastructure.artifacts.host_libraries import HostLibraries
from day23.infrastructure.artifacts.store import ArtifactStore


@pytest.fixture
def progress() -> RecordedProgress:
    return RecordedProgress()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "build").mkdir(parents=True)
    return folder


@pytest.fixture
def cache_dir(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def loader_index(tmp_path: Path) -> Path:
    """What the host's loader knows: nothing, until a test writes into it."""
    return tmp_path / "ld.so.cache"


@pytest.fixture
def store(cache_dir: Path, repository: Path, loader_index: Path) -> ArtifactStore:
    return ArtifactStore(cache_dir, repository, HostLibraries(loader_index))


@pytest.fixture
def make_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, bytes]], str]:
    """Return a function that publishes a wheel to a local index and returns its SHA-256."""
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))

    def make(name: str, files: dict[str, bytes]) -> str:
        wheel = index / f"{name}-1.0-py3-none-any.whl"
        information = f"{name}-1.0.dist-info"
        metadata = {
            f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
            f"{information}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{information}/RECORD": b"",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, content in {**files, **metadata}.items():
                archive.writestr(path, content)
        return hashlib.sha256(wheel.read_bytes()).hexdigest()

    return make


@pytest.fixture
def pretend_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that puts a `go` on PATH which obeys shell lines instead of compiling."""
    folder = tmp_path / "pretended"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def pretend(version: str = "1.26.8", listing: str = "echo package fmt", building: str = ":") -> None:
        write_go(folder / "go", version, listing, building)

    return pretend


@pytest.fixture
def go_module(repository: Path) -> Path:
    folder = repository / "build" / "program"
    folder.mkdir()
    (folder / "go.mod").write_text("module program\n\ngo 1.26.0\n")
    (folder / "go.sum").write_text("")
    return folder
