"""Say where and how a JSON file is broken, to the byte."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import ijson

from day23.domain.errors import ToolkitError
from day23.infrastructure.telegram.export_file import (
    CHUNK_BYTES,
    LONGEST_STRING_BYTES,
    UNPACKING_FAULTS,
    ExportFile,
    GuardedStream,
    OverlongStringError,
)

_CLOSER_STEPS = (32 * 1024, 1024, 32, 1)
"""Bytes per step around a fault: one by one from the start of a chunk takes minutes inside a long string."""
_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_EXPORT_AGAIN = "export the channel again as machine-readable JSON, or leave the file out with --skip-bad"


def refuse(file: ExportFile, what: str, where: str = "") -> ToolkitError:
    """Return the error for an export file that cannot be used."""
    place = f"{file.name}, {where}" if where else file.name
    return ToolkitError(f"{file.short_name} {what}", where=place, next_step=_EXPORT_AGAIN)


@contextmanager
def told_plainly(file: ExportFile) -> Iterator[None]:
    """Turn whatever reading a file raises into one message.

    Raises:
        ToolkitError: Names the file and the byte, or what could not be unpacked.
    """
    try:
        yield
    except (ijson.JSONError, UnicodeDecodeError):
        raise explain(file) from None
    except OverlongStringError:
        raise _overlong(file) from None
    except UNPACKING_FAULTS as fault:
        raise _damaged(file, fault) from None
    except OSError as error:
        raise refuse(file, f"cannot be read: {error.strerror}") from None


def _overlong(file: ExportFile) -> ToolkitError:
    limit = LONGEST_STRING_BYTES // 2**20
    return refuse(file, f"holds a string of more than {limit} MiB, expected posts of at most 4096 characters")


def _damaged(file: ExportFile, fault: BaseException) -> ToolkitError:
    what = f"{fault}".splitlines()[0] if f"{fault}" else type(fault).__name__
    return refuse(file, f"cannot be unpacked: {what:.80}")


def refuse_unreadable_start(file: ExportFile) -> None:
    """Raise for a file whose size or first bytes already tell that it is no JSON text.

    Raises:
        ToolkitError: The file is empty or in another encoding than UTF-8.
    """
    with file.open() as stream:
        start = stream.read(2)
    if not start:
        raise refuse(file, "is empty, expected a Telegram Desktop export", "byte 0")
    if start in _ENCODINGS:
        raise refuse(file, f"is {_ENCODINGS[start]}, expected UTF-8", "byte 0")


def explain(file: ExportFile) -> ToolkitError:
    """Return what is wrong with a file that ijson could not parse, and at which byte."""
    offset, complaint = _first_fault(file)
    place = f"byte {offset}"
    if "premature EOF" in complaint or "Incomplete" in complaint:
        return refuse(file, "is cut off: the JSON ends before it is complete", place)
    if "UTF8" in complaint or "utf-8" in complaint:
        return refuse(file, "is not UTF-8 text, which Telegram Desktop writes", place)
    return refuse(file, "is not JSON, expected a Telegram Desktop export", place)


def _first_fault(file: ExportFile) -> tuple[int, str]:
    meter, complaint = _parse(file, ())
    steps: list[tuple[int, int]] = []
    for step in _CLOSER_STEPS:
        if meter.at_end:
            return meter.position, complaint
        steps.append((meter.chunk_start, step))
        meter, complaint = _parse(file, steps)
    return max(meter.position - 1, 0), complaint


def _parse(file: ExportFile, steps: Sequence[tuple[int, int]]) -> tuple["_Meter", str]:
    with file.open() as stream:
        meter = _Meter(stream, steps)
        try:
            for _ in ijson.basic_parse(meter, buf_size=CHUNK_BYTES):
                pass
        except (ijson.JSONError, UnicodeDecodeError, OverlongStringError) as error:
            return meter, str(error)
    return meter, "no fault found"


class _Meter:
    """Feeds a parser and remembers how far it got.

    Args:
        steps: From which offset on it reads how many bytes at once, nearest last.
    """

    def __init__(self, stream: GuardedStream, steps: Sequence[tuple[int, int]]) -> None:
        self._stream = stream
        self._steps = steps
        self.position = 0
        self.chunk_start = 0
        self.at_end = False

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        chunk = self._stream.read(self._next_size())
        self.chunk_start, self.position = self.position, self.position + len(chunk)
        self.at_end = not chunk
        return chunk

    def _next_size(self) -> int:
        reached = [step for start, step in self._steps if start <= self.position]
        return reached[-1] if reached else CHUNK_BYTES
