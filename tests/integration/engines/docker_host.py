"""A Docker daemon of the test session's own, and an image with Python and the tiny server."""

import os
import shutil
import signal
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from day23.application.ports import ProgressState
from day23.infrastructure.artifacts.build_slots import host_build_slots
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.artifacts.children import Children
from day23.infrastructure.artifacts.fetch_job import FetchJob, JobProgress, Workshop
from day23.infrastructure.engines.docker.base_image import BaseImages
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import daemon
from day23.infrastructure.locks import exclusive_lock
from day23.settings import Settings

_START_SECONDS = 30.0


class Silence:
    """Progress that nobody watches."""

    def report(
        self,
        subject: str,
        state: ProgressState,
        *,
        done: int | None = None,
        total: int | None = None,
        detail: str = "",
    ) -> None:
        return


def why_not() -> str | None:
    """Return why no daemon can be started here; None when it can."""
    if os.environ.get("DAY23_TEST_DOCKER") != "1":
        return "a Docker daemon is started only by `make docker`"
    if os.geteuid() != 0:
        return "starting a Docker daemon needs root"
    missing = [program for program in ("dockerd", "containerd", "mmdebstrap") if not shutil.which(program)]
    return f"{', '.join(missing)} not installed" if missing else None


@contextmanager
def own_daemon(folder: Path) -> Iterator[str]:
    """Run a daemon below `folder`; yields its address."""
    address = f"unix://{folder}/docker.sock"
    words = ["dockerd", f"--data-root={folder}/data", f"--exec-root={folder}/exec", f"--host={address}"]
    words += [f"--pidfile={folder}/dockerd.pid", "--bridge=none"]
    # two daemons that start at the same moment get in each other's way
    one_at_a_time = exclusive_lock(Path(gettempdir(), "d23-dockerd.lock"), "start a daemon", _START_SECONDS)
    with one_at_a_time, (folder / "dockerd.log").open("w") as log:
        server = subprocess.Popen(words, stdout=log, stderr=log)
        _wait_until_up(folder / "docker.sock", server)
    try:
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=_START_SECONDS)
        subprocess.run(["umount", f"{folder}/exec/netns/default"], check=False, capture_output=True)


def tiny_image(folder: Path, files: list[Path]) -> str:
    """Return the id of an image with Python and `files` at the paths that they have here."""
    cache = ArtifactCache(Settings().cache_dir)
    with Children() as children:
        workshop = Workshop(folder, folder, children, host_build_slots())
        progress = JobProgress(Silence(), threading.Lock(), "python")
        base = BaseImages(cache).ensure(("python3",), FetchJob(workshop, folder, folder / "log", progress))
    answers: list[dict[str, Any]] = list(
        daemon().build(
            fileobj=_context(base, files), custom_context=True, tag="tiny:1", network_mode="none", decode=True
        )
    )
    assert not [answer for answer in answers if "error" in answer], answers
    with DaemonSocket() as asked:
        found = asked.image("tiny:1")
    assert found is not None
    return str(found["Id"])


def _context(base: str, files: list[Path]) -> BytesIO:
    context = BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        text = f"FROM {base}\nCOPY root/ /\n".encode()
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(text)
        archive.addfile(entry, BytesIO(text))
        for file in files:
            archive.add(file, f"root{file}")
    context.seek(0)
    return context


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _wait_until_up(address: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _accepts(address):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((address.parent / "dockerd.log").read_text()[-800:])
        time.sleep(0.1)
