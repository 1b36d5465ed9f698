"""JSONL cut between lines into gzip files of limited size, reproducible byte for byte."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.infrastructure.exports.jsonl import decode, lines_of
from day23.infrastructure.files import write_atomically

_LEVEL = 9


@dataclass(frozen=True, slots=True)
class CompressedFile:
    """One file written."""

    path: Path
    lines: int
    bytes: int
    sha256: str


def compress_file(source: Path, folder: Path, max_bytes: int) -> list[CompressedFile]:
    """Write `source` as one gzip file, or as several when it is larger than `max_bytes` compressed.

    Raises:
        ToolkitError: A line is not JSON, or is too long by itself; nothing is written then.
    """
    chunks = list(_chunks(_checked_lines(source), max_bytes, source))
    names = _names(source.name, len(chunks))
    written = [
        _write(folder / name, lines, content) for name, (lines, content) in zip(names, chunks, strict=True)
    ]
    _remove_superseded(folder, source.name, set(names))
    return written


def _checked_lines(source: Path) -> list[bytes]:
    lines = []
    for position, line in enumerate(lines_of(source), start=1):
        decode(line, source, position)
        lines.append(line)
    return lines


def _chunks(lines: list[bytes], max_bytes: int, source: Path) -> Iterator[tuple[int, bytes]]:
    """Yield line counts and compressed bytes; what is too large is halved, so only content cuts."""
    content = gzip.compress(b"".join(lines), _LEVEL, mtime=0)
    if len(content) <= max_bytes:
        yield len(lines), content
        return
    if len(lines) == 1:
        raise ToolkitError(
            f"one line alone needs {len(content)} bytes compressed",
            where=str(source),
            next_step="raise --max-bytes",
        )
    middle = len(lines) // 2
    yield from _chunks(lines[:middle], max_bytes, source)
    yield from _chunks(lines[middle:], max_bytes, source)


def _names(name: str, chunks: int) -> list[str]:
    if chunks == 1:
        return [f"{name}.gz"]
    stem, dot, suffix = name.partition(".")
    return [f"{stem}-{number:05d}{dot}{suffix}.gz" for number in range(1, chunks + 1)]


def _remove_superseded(folder: Path, name: str, kept: set[str]) -> None:
    """Remove what an earlier run split differently, so that nobody reads both."""
    stem, dot, suffix = name.partition(".")
    digits = "[0-9]" * 5
    for path in [folder / f"{name}.gz", *folder.glob(f"{stem}-{digits}{dot}{suffix}.gz")]:
        if path.name not in kept:
            path.unlink(missing_ok=True)


def _write(path: Path, lines: int, content: bytes) -> CompressedFile:
    write_atomically(path, content)
    return CompressedFile(path, lines, len(content), hashlib.sha256(content).hexdigest())
