"""Say where and how a JSON file is broken, to the byte."""

from pathlib import Path
from typing import BinaryIO

import ijson

from day23.domain.errors import ToolkitError

_CHUNK_BYTES = 64 * 1024
_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_EXPORT_AGAIN = "export the channel again as machine-readable JSON, or leave the file out with --skip-bad"


def refuse(path: Path, what: str, where: str = "") -> ToolkitError:
    """Return the error for an export file that cannot be used."""
    place = f"{path}, {where}" if where else str(path)
    return ToolkitError(f"{path.name} {what}", where=place, next_step=_EXPORT_AGAIN)


def refuse_unreadable_start(path: Path) -> None:
    """Raise for a file whose size or first bytes already tell that it is no JSON text.

    Raises:
        ToolkitError: The file is empty or in another encoding than UTF-8.
    """
    with path.open("rb") as stream:
        start = stream.read(2)
    if not start:
        raise refuse(path, "is empty, expected a Telegram Desktop export", "byte 0")
    if start in _ENCODINGS:
        raise refuse(path, f"is {_ENCODINGS[start]}, expected UTF-8", "byte 0")


def explain(path: Path) -> ToolkitError:
    """Return what is wrong with a file that ijson could not parse, and at which byte."""
    offset, complaint = _first_fault(path)
    place = f"byte {offset}"
    if "premature EOF" in complaint or "Incomplete" in complaint:
        return refuse(path, "is cut off: the JSON ends before it is complete", place)
    if "UTF8" in complaint or "utf-8" in complaint:
        return refuse(path, "is not UTF-8 text, which Telegram Desktop writes", place)
    return refuse(path, "is not JSON, expected a Telegram Desktop export", place)


def _first_fault(path: Path) -> tuple[int, str]:
    coarse, complaint = _parse(path, _Meter.NEVER)
    if coarse.at_end:
        return coarse.position, complaint
    fine, complaint = _parse(path, coarse.chunk_start)
    return max(fine.position - 1, 0), complaint


def _parse(path: Path, byte_wise_from: int) -> tuple["_Meter", str]:
    with path.open("rb") as stream:
        meter = _Meter(stream, byte_wise_from)
        try:
            for _ in ijson.basic_parse(meter, buf_size=_CHUNK_BYTES):
                pass
        except (ijson.JSONError, UnicodeDecodeError) as error:
            return meter, str(error)
    return meter, "no fault found"


class _Meter:
    """Feeds a parser and remembers how far it got; byte by byte from a given offset on."""

    NEVER = 2**63

    def __init__(self, stream: BinaryIO, byte_wise_from: int) -> None:
        self._stream = stream
        self._byte_wise_from = byte_wise_from
        self.position = 0
        self.chunk_start = 0
        self.at_end = False

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        limit = 1 if self.position >= self._byte_wise_from else _CHUNK_BYTES
        chunk = self._stream.read(limit)
        self.chunk_start, self.position = self.position, self.position + len(chunk)
        self.at_end = not chunk
        return chunk
