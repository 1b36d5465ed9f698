"""Room on the file systems that the stack writes to."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from day23.application.preflight import Finding, FindingState

_GIB = 1024**3


class FreeSpace:
    """Passes when the file system below a folder has room.

    Args:
        name: What the folder is for.
        folder: The folder, which need not exist yet.
        least: Room needed, in GiB.
        remedy: What helps besides making room.
    """

    def __init__(self, name: str, folder: Path, least: float, remedy: str) -> None:
        self._name = name
        self._folder = folder
        self._least = least
        self._remedy = remedy

    def findings(self) -> Sequence[Finding]:
        """Ask the file system that the folder is, or would be, on."""
        nearest = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        free = shutil.disk_usage(nearest).free / _GIB
        detail = f"{free:.1f} GiB free at {nearest}, {self._least:g} GiB needed"
        if free >= self._least:
            return [Finding(f"disk {self._name}", FindingState.PASSED, detail)]
        return [Finding(f"disk {self._name}", FindingState.FAILED, detail, f"make room, or {self._remedy}")]
