"""Spans that wait on disk for MongoDB: a killed run or an absent server loses none."""

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import orjson

from day23.domain.errors import ToolkitError
from day23.infrastructure.locks import exclusive_lock
from day23.infrastructure.traces.span_document import SpanDocument

LARGEST_BYTES = 20 * 1024 * 1024
"""About 40,000 spans. When MongoDB stays away so long, newer spans are dropped."""

_LOCK_WAIT_SECONDS = 2.0

Save = Callable[[list[SpanDocument]], None]
"""Stores spans, replacing those that are stored already; raises ToolkitError when it cannot."""


class PendingSpans:
    """The file `run/spans.pending.jsonl`; every program of the stack appends to it.

    Delivery claims the file by renaming it, so that no appender waits for MongoDB. A claim whose
    deliverer was killed is delivered again by the next one: ids make that harmless.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "spans.pending.jsonl"
        self._lock = folder / "spans.lock"

    def append(self, document: SpanDocument) -> None:
        """Keep one span.

        Raises:
            ToolkitError: It cannot be kept.
        """
        line = orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE, default=str)
        try:
            with exclusive_lock(self._lock, "keep a span", _LOCK_WAIT_SECONDS):
                self._write(line)
        except OSError as error:
            raise ToolkitError(f"a span is lost: {error.strerror}", where=str(self._path)) from None

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(descriptor).st_size < LARGEST_BYTES:
                os.write(descriptor, line)
        finally:
            os.close(descriptor)

    def deliver(self, save: Save) -> int:
        """Hand every waiting span to `save` and forget it; return how many there were.

        Raises:
            ToolkitError: `save` failed; the spans go on waiting.
        """
        return sum(self._deliver(claim, save) for claim in self._claims())

    def _deliver(self, claim: Path, save: Save) -> int:
        documents = list(_read(claim))
        try:
            save(documents)
        except ToolkitError:
            self._give_back(claim)
            raise
        claim.unlink(missing_ok=True)
        return len(documents)

    def _claims(self) -> list[Path]:
        with exclusive_lock(self._lock, "deliver spans", _LOCK_WAIT_SECONDS):
            if self._path.exists():
                self._path.replace(self._folder / f"spans.claimed.{uuid.uuid4().hex}.jsonl")
        return sorted(self._folder.glob("spans.claimed.*.jsonl"))

    def _give_back(self, claim: Path) -> None:
        with exclusive_lock(self._lock, "keep spans", _LOCK_WAIT_SECONDS):
            if claim.exists():
                self._write(claim.read_bytes())
                claim.unlink()


def _read(path: Path) -> Iterator[SpanDocument]:
    """Yield the spans of a file; a line cut by a kill or a full disk is passed over."""
    try:
        lines: Iterable[bytes] = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
