"""The folders of a stack root, closed to everybody but their owner."""

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.domain.stack_root_path import refuse_unusable
from day23.infrastructure.files import make_private_folder

_PRIVATE = 0o700


class StackFolders:
    """Makes the folders that are missing and closes those that are open; a `PreparationStep`."""

    def __init__(self, paths: StackPaths) -> None:
        self._paths = paths

    def pending(self) -> Sequence[str]:
        """Return the folders to make or close.

        Raises:
            ToolkitError: The stack root is unusable, or belongs to somebody else.
        """
        refuse_unusable(self._paths.root)
        refuse_unwritable(self._paths.root)
        return [change for folder in self._all() if (change := _change_of(folder))]

    def apply(self) -> Sequence[str]:
        """Make and close folders, outermost first."""
        changes = self.pending()
        for folder in self._all():
            if _change_of(folder):
                make_private_folder(folder)
                folder.chmod(_PRIVATE)
        return changes

    def _all(self) -> Iterable[Path]:
        paths = self._paths
        inner = (paths.etc, paths.data, paths.logs, paths.run, paths.textfiles, paths.records)
        return (paths.root, *inner, paths.secrets, paths.targets.parent, paths.targets)


def refuse_unwritable(root: Path) -> None:
    """Raise unless this user can make and change files at `root`, which need not exist yet.

    Raises:
        ToolkitError: Names the first thing on the way that forbids it.
    """
    nearest = next(path for path in (root, *root.parents) if path.exists())
    if not nearest.is_dir():
        raise ToolkitError(
            "the stack root cannot be made: a file is in the way",
            where=str(nearest),
            next_step="remove it, or choose another stack_root",
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise ToolkitError(
            "the stack root cannot be written by this user",
            where=str(nearest),
            next_step=f"run as uid {nearest.stat().st_uid}, who owns it, or choose another stack_root",
        )


def _change_of(folder: Path) -> str | None:
    if not folder.is_dir():
        return f"make {folder}"
    if stat.S_IMODE(folder.stat().st_mode) != _PRIVATE:
        return f"close {folder}"
    return None
