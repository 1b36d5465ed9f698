"""One Docker daemon per test run, whoever of its workers asks first."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import gettempdir

import psutil
from docker import APIClient
from docker.errors import APIError

from day23.domain.errors import ToolkitError
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.locks import exclusive_lock

KEEPER = Path(__file__).with_name("docker_keeper.py")
_START_SECONDS = 120.0
_END_SECONDS = 60.0
_START_LOCK = Path(gettempdir(), "d23-dockerd.lock")
_PROGRAM_IS_MISSING = "stat /absent: no such file or directory"
_PROGRAMS = ("dockerd", "containerd", "mmdebstrap")


class HostCannotError(Exception):
    """Docker's daemon leaves by itself here, or runs no container: a host without its rights."""


def why_not() -> str | None:
    """Return why no daemon can be started here; None when it can."""
    if os.geteuid() != 0:
        return "starting a Docker daemon needs root"
    missing = [program for program in _PROGRAMS if not shutil.which(program)]
    return f"{', '.join(missing)} not installed: apt-get install docker.io mmdebstrap" if missing else None


def address() -> str:
    """Return where the test run's daemon listens, once it answers; start it unless another worker did.

    Raises:
        HostCannotError: It leaves by itself, or starts no container; tells what it said.
    """
    folder = _folder(_test_run())
    # two daemons that start at the same moment get in each other's way
    with exclusive_lock(_START_LOCK, "start a daemon", _START_SECONDS):
        if _keeper(folder) is None:
            _start(folder)
    return _address(folder)


def end() -> None:
    """End the daemon of this test run, if any of its workers started one."""
    _end(_folder(os.getpid()))


@contextmanager
def another(folder: Path) -> Iterator[str]:
    """Run one more daemon below `folder`, for a test that spoils it; yields its address."""
    with exclusive_lock(_START_LOCK, "start a daemon", _START_SECONDS):
        _start(folder)
    try:
        yield _address(folder)
    finally:
        _end(folder)


def _end(folder: Path) -> None:
    keeper = _keeper(folder)
    if keeper is None:
        return
    keeper.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _END_SECONDS
    while _is_alive(keeper) and time.monotonic() < deadline:
        time.sleep(0.1)


def _last_words(folder: Path) -> str:
    lines = (folder / "dockerd.log").read_text(errors="replace").splitlines()
    return lines[-1][-400:] if lines else "(it said nothing)"


def _is_alive(keeper: psutil.Process) -> bool:
    try:
        return keeper.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _keeper(folder: Path) -> psutil.Process | None:
    try:
        return psutil.Process(int((folder / "keeper.pid").read_text()))
    except (OSError, psutil.NoSuchProcess):
        return None


def _start(folder: Path) -> None:
    folder.mkdir(mode=0o711, exist_ok=True)
    (folder / "docker.sock").unlink(missing_ok=True)  # of a run whose process number came round again
    words = [sys.executable, str(KEEPER), str(folder), str(_test_run())]
    keeper = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    (folder / "keeper.pid").write_text(str(keeper.pid))
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(folder):
        if keeper.poll() is not None:
            said = _last_words(folder)
            shutil.rmtree(folder, ignore_errors=True)
            raise HostCannotError(f"dockerd does not stay up here: {said}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"dockerd does not answer: {_last_words(folder)}")
        time.sleep(0.1)
    refusal = _refusal(folder)
    if refusal:
        _end(folder)
        raise HostCannotError(f"dockerd runs no container here: {refusal}")


def _refusal(folder: Path) -> str | None:
    """Return why no container can run: one without any file must get as far as its missing program."""
    with closing(APIClient(_address(folder), version="auto")) as daemon:
        try:
            image = json.loads(daemon.import_image_from_data(bytes(1024)))["status"]
            container = daemon.create_container(image, "/absent", network_disabled=True)["Id"]
        except APIError as error:
            return str(error.explanation)
        try:
            daemon.start(container)
        except APIError as error:
            return None if _PROGRAM_IS_MISSING in str(error.explanation) else str(error.explanation)
        finally:
            daemon.remove_container(container, force=True)
            daemon.remove_image(image)
    return None


def _answers(folder: Path) -> bool:
    """Whether the daemon serves: its socket is there long before it does."""
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = _address(folder)
    try:
        with DaemonSocket() as socket:
            return bool(socket.version()) and socket.containers() == []
    except ToolkitError:
        return False
    finally:
        os.environ.pop("DOCKER_HOST")
        if before is not None:
            os.environ["DOCKER_HOST"] = before


def _test_run() -> int:
    """Return the process that lives as long as the test run: of workers their parent."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def _folder(test_run: int) -> Path:
    return Path(gettempdir(), f"d23-docker-{test_run}")


def _address(folder: Path) -> str:
    return f"unix://{folder}/docker.sock"
