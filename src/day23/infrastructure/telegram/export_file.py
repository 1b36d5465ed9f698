"""The files of an export folder: plain, gzip or inside a zip archive, read as streams."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO, cast

NAME_PATTERN = "result*.json"
PATTERNS = (NAME_PATTERN, f"{NAME_PATTERN}.gz", "*.zip")

LONGEST_STRING_BYTES = 16 * 1024 * 1024
"""A file with so many bytes between two quotation marks is no export; a parser would hold them all."""

CHUNK_BYTES = 1024 * 1024
"""What a parser is given at once; it reads a string that goes on in the next chunk again from its start."""

UNPACKING_FAULTS = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, RuntimeError)
"""What unpacking raises for files that are cut off, damaged or encrypted."""


class OverlongStringError(ValueError):
    """A string of the file is longer than any text of an export."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One export, wherever its bytes are.

    Attributes:
        name: Path for messages; `archive.zip/member.json` for a member of an archive.
    """

    name: str
    opener: Callable[[], IO[bytes]]

    @property
    def short_name(self) -> str:
        """The last part of the name."""
        return PurePosixPath(self.name).name

    @contextmanager
    def open(self) -> Iterator["GuardedStream"]:
        """Yield the unpacked bytes, guarded against strings without end."""
        with self.opener() as stream:
            yield GuardedStream(stream)


class GuardedStream:
    """Passes bytes on until a string grows beyond all bounds.

    Raises:
        OverlongStringError: From `read`.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._since_quote = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; empty at the end."""
        chunk = self._stream.read(size)
        last_quote = chunk.rfind(b'"')
        self._since_quote = self._since_quote + len(chunk) if last_quote < 0 else len(chunk) - last_quote
        if self._since_quote > LONGEST_STRING_BYTES:
            raise OverlongStringError
        return chunk


def is_export_name(name: str) -> bool:
    """Tell whether a file name is one that exports have."""
    return any(fnmatch(name, pattern) for pattern in PATTERNS)


def export_files(folder: Path) -> list[ExportFile]:
    """Return the exports of a folder by name; an archive that cannot be opened is one that fails later."""
    found: list[ExportFile] = []
    for path in sorted(item for item in folder.iterdir() if item.is_file() and is_export_name(item.name)):
        found.extend(_files_of(path))
    return found


def _files_of(path: Path) -> list[ExportFile]:
    if path.suffix == ".gz":
        return [ExportFile(str(path), lambda: cast(IO[bytes], gzip.open(path, "rb")))]
    if path.suffix != ".zip":
        return [ExportFile(str(path), lambda: path.open("rb"))]
    members = _members(path)
    return [_member(path, name) for name in members] if members else [_member(path, "")]


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return []
    return sorted(name for name in names if fnmatch(PurePosixPath(name).name, NAME_PATTERN))


def _member(path: Path, name: str) -> ExportFile:
    return ExportFile(f"{path}/{name}" if name else str(path), lambda: _open_member(path, name))


def _open_member(path: Path, name: str) -> IO[bytes]:
    with zipfile.ZipFile(path) as archive:
        if not name:
            raise zipfile.BadZipFile(f"holds no {NAME_PATTERN}")
        return archive.open(name)
