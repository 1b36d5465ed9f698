"""The last lines of log files that may be large and were perhaps just rotated."""

import os
from collections.abc import Iterable
from pathlib import Path

_LONGEST_READ = 256 * 1024


def last_lines(files: Iterable[Path], lines: int) -> list[str]:
    """Return up to `lines` last lines over all `files`; those of the file written last come last."""
    written = sorted((path for path in files if path.exists()), key=lambda path: path.stat().st_mtime)
    found = [line for path in written for line in _tail(path, lines)]
    return found[-lines:] if lines > 0 else []


def _tail(path: Path, lines: int) -> list[str]:
    found = _end_of(path)
    rotated = path.with_name(f"{path.name}.1")
    if len(found) < lines and rotated.exists():
        found = _end_of(rotated) + found
    return found[-lines:]


def _end_of(path: Path) -> list[str]:
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _LONGEST_READ))
        return stream.read().decode(errors="replace").splitlines()
