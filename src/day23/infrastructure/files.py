"""Files that anyone may read later are either the old version or the new one, never half of it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_BUFFER_BYTES = 1 << 20  # a system call per line would cost an export more than hashing it


@contextmanager
def atomic_writer(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`; on success it replaces `path` durably, else it vanishes.

    Order: write, fsync, rename, fsync of the folder. A failed fsync discards the file.

    Args:
        path: The final path; its folder is made when missing.
        mode: Permission bits of the final file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb", _BUFFER_BYTES) as stream:
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            give_to_owner_of(path.parent, stream.fileno())
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_atomically(path: Path, content: bytes | str, mode: int = 0o644) -> None:
    """Replace the content of `path` durably."""
    with atomic_writer(path, mode) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def make_private_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, closed to everybody but the owner of what is there."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        give_to_owner_of(path.parent, path)


def give_to_owner_of(folder: Path, target: int | Path) -> None:
    """Let what root has just made in somebody's folder belong to that somebody.

    Services run as the owner of the stack root and must be able to read what is written for them.

    Args:
        folder: Whose owner shall have it.
        target: A descriptor or a path.
    """
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(target, owner.st_uid, owner.st_gid)


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
