"""Ledgers: what is about to be sent is on the disk before it is sent."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class LedgerFile:
    """Appends JSON lines; each is on the disk when `note` returns."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def note(self, **fields: object) -> None:
        """Append one line durably."""
        line = json.dumps(fields, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            self._file.write(line)
            os.fdatasync(self._file.fileno())


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole lines of a ledger; one that a crash cut short is left out."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        yield from (json.loads(line) for line in lines if line.endswith(b"\n"))


class LedgerContent:
    """What one ledger says.

    Attributes:
        sent: Sequence numbers that were to be sent.
        acknowledged: Those whose receipt was confirmed.
        moments: When each was noted, in the order of sending.
    """

    def __init__(self, path: Path) -> None:
        self.sent: list[int] = []
        self.acknowledged: list[int] = []
        self.moments: list[float] = []
        for entry in entries(path):
            numbers = range(entry["first"], entry["end"])
            if entry["state"] == "sent":
                self.sent.extend(numbers)
                self.moments.extend([entry["moment"]] * len(numbers))
            else:
                self.acknowledged.extend(numbers)
