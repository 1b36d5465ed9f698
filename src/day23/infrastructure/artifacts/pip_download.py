"""Downloads wheels by their hashes, through pip, which knows the user's index and proxy."""

import os
import re
import sys
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.children import ChildFailedError, Command
from day23.infrastructure.artifacts.fetch_job import FetchJob

_WHEELS_FOR_PYTHON = "3.11"
_LOCK = "requirements.txt"
_MISMATCH = "DO NOT MATCH THE HASHES"


def download_wheel(pinned: str, job: FetchJob) -> Path:
    """Return the downloaded wheel file.

    Wheels are chosen for one fixed version of Python, so that the pinned hash fits whatever version
    runs the toolkit: only programs and libraries are taken from them, never modules.

    Args:
        pinned: A line as in a requirements file: `name==version --hash=sha256:...`.
        job: Gives the folder to download to.

    Raises:
        ToolkitError: pip is missing, the index cannot be reached, or the file has another hash.
    """
    requirement = pinned.split()[0]
    folder = job.folder / "wheels" / requirement
    folder.mkdir(parents=True)
    (folder / _LOCK).write_text(f"{pinned}\n", encoding="utf-8")
    job.progress.step(f"downloading {requirement}")
    try:
        job.workshop.children.run(_pip(folder, job.log, _WHEELS_FOR_PYTHON), lambda _line: None)
    except ChildFailedError as error:
        raise _explain(requirement, error) from error
    return next(folder.glob("*.whl"))


def download_wheels(lock: str, python: str, job: FetchJob) -> Path:
    """Return a folder with the wheel of every line of `lock`, and nothing else.

    Args:
        lock: A requirements file with hashes that names every dependency.
        python: `major.minor` that the wheels are for.
        job: Gives the folder to download to.

    Raises:
        ToolkitError: As `download_wheel`, or a package has no wheel.
    """
    folder, total, done = job.staging("locked"), len(re.findall(r"^[^\s#]+==", lock, re.MULTILINE)), 0

    def count(line: str) -> None:
        nonlocal done
        done += line.startswith("Collecting ")
        job.progress.step("downloading wheels", done, total)

    (folder / _LOCK).write_text(lock, encoding="utf-8")
    try:
        job.workshop.children.run(_pip(folder, job.log, python), count)
    except ChildFailedError as error:
        raise _explain("the locked Python packages", error) from error
    (folder / _LOCK).unlink()
    return folder


def _pip(folder: Path, log: Path, python: str) -> Command:
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--no-input", "--progress-bar=off"]
    target = [f"--python-version={python}", "--dest=.", f"--requirement={_LOCK}"]
    argv = [sys.executable, "-m", "pip", "download", *options, *target]
    return Command(argv, folder, {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}, log)


def _explain(requirement: str, error: ChildFailedError) -> ToolkitError:
    if _MISMATCH in error.tail:
        return ToolkitError(
            f"{requirement} does not have the pinned checksum",
            where=error.where,
            next_step=f"do not use that file; compare the hashes at the end of {_log_named_in(error)}",
        )
    if "No module named pip" in error.tail:
        return ToolkitError(
            f"cannot download {requirement}: this Python has no pip",
            where=sys.executable,
            next_step=f"{sys.executable} -m ensurepip",
        )
    last = error.tail.splitlines()[-1].removeprefix("ERROR: ") if error.tail else error.what
    return ToolkitError(
        f"cannot download {requirement}: {last}",
        where="pip",
        next_step=f"check the network and `pip config list`, then run it again; {error.next_step}",
    )


def _log_named_in(error: ChildFailedError) -> str:
    return error.next_step.removeprefix("read ")
