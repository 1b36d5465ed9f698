"""Removes what a stack owns below its root."""

import shutil
from pathlib import Path

from day23.domain.stack_paths import StackPaths


class StackFiles:
    """Implements `StackState`.

    Locks stay: whoever holds one would otherwise hold a file that is no longer there.
    """

    def __init__(self, paths: StackPaths) -> None:
        self._paths = paths

    def present(self) -> tuple[Path, ...]:
        """Return the folders of the stack root that hold anything."""
        return tuple(folder for folder in self._folders() if folder.is_dir() and any(folder.iterdir()))

    def purge(self) -> None:
        """Remove everything the stack owns, state first, so that a purge cut short can be repeated."""
        for folder in self._folders():
            shutil.rmtree(folder, ignore_errors=True)
        for path in self._paths.run.glob("*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix != ".lock":
                path.unlink(missing_ok=True)

    def _folders(self) -> tuple[Path, ...]:
        paths = self._paths
        return (paths.data, paths.logs, paths.etc, paths.secrets)
