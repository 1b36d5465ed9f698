"""What each check of preflight sees on a real host."""

import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from day23.application.preflight import Finding, FindingState
from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.service_record import RecordedArtifact, ServiceRecord
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines.process_table import marks, stack_root_of
from day23.infrastructure.preflight.artifacts import Artifacts
from day23.infrastructure.preflight.data_versions import DataVersions
from day23.infrastructure.preflight.free_space import FreeSpace
from day23.infrastructure.preflight.graphics import GraphicsCards
from day23.infrastructure.preflight.ports import Ports
from day23.infrastructure.preflight.python_version import PythonVersion
from day23.infrastructure.preflight.tools import Tools
from day23.infrastructure.stack_records import StackRecords

LISTENER = """
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
time.sleep(60)
"""


class Listeners:
    """Real processes that listen on a free port each."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[str]] = []

    def start(self, root: Path | None = None) -> tuple[int, int]:
        """Return port and pid; `root` makes the process a service of that stack."""
        environment = {**os.environ, **(marks(root, "prometheus") if root else {})}
        process = subprocess.Popen(
            [sys.executable, "-c", LISTENER], env=environment, stdout=subprocess.PIPE, text=True
        )
        self.running.append(process)
        assert process.stdout is not None
        return int(process.stdout.readline()), process.pid


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    made = Listeners()
    yield made
    for process in made.running:
        process.kill()
        process.communicate()


def look(root: Path, port: int) -> Finding:
    (finding,) = Ports("127.0.0.1", {"prometheus": port}, root, stack_root_of).findings()
    return finding


def test_a_free_port_passes(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert look(tmp_path, port) == Finding(f"port {port} (prometheus)", FindingState.PASSED, "free")


def test_a_stranger_s_port_is_refused_with_pid_program_and_user(tmp_path: Path, listeners: Listeners) -> None:
    port, pid = listeners.start()
    finding = look(tmp_path, port)
    assert finding.state is FindingState.FAILED
    process = psutil.Process(pid)
    assert finding.detail == f"in use by pid {pid}, {process.name()}, user {process.username()}"
    assert "PORT_OFFSET" in finding.next_step


def test_a_port_of_this_very_stack_passes(tmp_path: Path, listeners: Listeners) -> None:
    port, pid = listeners.start(tmp_path)
    finding = look(tmp_path, port)
    assert (finding.state, finding.detail) == (FindingState.PASSED, f"this stack's own pid {pid}")


def test_a_port_of_another_stack_is_refused_with_its_root(tmp_path: Path, listeners: Listeners) -> None:
    port, _ = listeners.start(tmp_path / "other one")
    finding = look(tmp_path, port)
    assert finding.state is FindingState.FAILED
    assert f"of the stack at {tmp_path / 'other one'}" in finding.detail
    assert f"make day-23-down STACK_ROOT='{tmp_path / 'other one'}'" in finding.next_step


def test_a_holder_that_cannot_be_seen_is_somebody_else(
    tmp_path: Path, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, _ = listeners.start()
    monkeypatch.setattr(psutil, "net_connections", lambda kind: [])
    assert look(tmp_path, port).detail == "in use by another user's process"


def test_an_address_of_another_host_is_refused(tmp_path: Path) -> None:
    (finding,) = Ports("192.0.2.1", {"loki": 33100}, tmp_path, stack_root_of).findings()
    assert finding.state is FindingState.FAILED
    assert "EADDRNOTAVAIL" in finding.detail


def test_the_oldest_python_passes_and_one_older_does_not() -> None:
    assert PythonVersion((3, 11)).findings()[0].state is FindingState.PASSED
    (finding,) = PythonVersion((3, 10)).findings()
    assert finding.state is FindingState.FAILED
    assert "is Python 3.10, the toolkit needs 3.11" in finding.detail


def test_a_missing_tool_is_named_with_its_package() -> None:
    present, absent = Tools({"sh": "dash", "no-such-tool": "some-package"}).findings()
    assert present.state is FindingState.PASSED
    assert (absent.state, absent.next_step) == (FindingState.FAILED, "install the package some-package")


@pytest.mark.parametrize(("free_gib", "state"), [(2.0, FindingState.PASSED), (1.9, FindingState.FAILED)])
def test_too_little_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_gib: float, state: FindingState
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(0, 0, int(free_gib * 1024**3)))
    (finding,) = FreeSpace("cache", tmp_path / "not" / "yet", 2, "move it").findings()
    assert finding.state is state
    assert f"{free_gib:.1f} GiB free at {tmp_path}" in finding.detail


def resolve(artifact: Artifact) -> ResolvedArtifact | Unavailable:
    if artifact.name == "mongodb":
        return ResolvedArtifact("mongodb", "6.0.5", "wheel", "digest", {}, {})
    return Unavailable(artifact.name, f"no {artifact.name}", next_step="set its path")


def test_an_artefact_is_here_or_to_be_fetched_or_refused_or_optional() -> None:
    go = {"module": "build/loki", "binaries": {"loki": "host/loki"}}
    artifacts = [
        Artifact(name="mongodb", version="6.0.5", path="/bin/mongod"),
        Artifact.model_validate({"name": "loki", "version": "3.7.8", "go": go}),
        Artifact(name="alertmanager", version="1", path="/nowhere"),
        Artifact(name="grafana", version="12", path=None),
    ]
    findings = Artifacts(artifacts, ["grafana"], ("path", "go", "wheel"), resolve).findings()
    assert [(finding.state, finding.detail) for finding in findings] == [
        (FindingState.PASSED, "6.0.5 from wheel"),
        (FindingState.TO_FETCH, "3.7.8 from go"),
        (FindingState.FAILED, "no alertmanager"),
        (FindingState.SKIPPED, "no grafana"),
    ]


@pytest.mark.parametrize(
    ("written", "has_data", "states"),
    [
        ("6.0.5", True, [FindingState.PASSED]),
        ("7.0.0", True, [FindingState.FAILED]),
        ("7.0.0", False, []),
    ],
)
def test_data_of_a_newer_version_is_refused(
    tmp_path: Path, written: str, has_data: bool, states: list[FindingState]
) -> None:
    paths = StackPaths(tmp_path)
    artifact = RecordedArtifact(name="mongodb", version=written, digest="d", source="wheel")
    StackRecords(paths).save(ServiceRecord(name="mongodb", state="applied", artifact=artifact))
    folder = paths.data / "mongodb"
    folder.mkdir(parents=True)
    if has_data:
        (folder / "WiredTiger").touch()
    findings = DataVersions(paths, {"mongodb": "6.0.5", "loki": "3"}).findings()
    assert [finding.state for finding in findings] == states


@pytest.mark.parametrize(
    ("count", "devices", "state"),
    [
        (0, [], None),
        (1, [], FindingState.FAILED),
        (-1, ["nvidiactl"], FindingState.FAILED),
        (-1, ["nvidia0"], FindingState.PASSED),
        (2, ["nvidia0"], FindingState.FAILED),
        (2, ["nvidia0", "nvidia1", "nvidia-uvm"], FindingState.PASSED),
    ],
)
def test_cards_are_counted_by_their_devices(
    tmp_path: Path, count: int, devices: list[str], state: FindingState | None
) -> None:
    for name in devices:
        (tmp_path / name).touch()

    findings = GraphicsCards({"llm_api": count}, tmp_path).findings()

    assert [finding.state for finding in findings] == ([state] if state else [])
    if state is FindingState.FAILED:
        assert "set llm_api_gpus to 0" in findings[0].next_step
