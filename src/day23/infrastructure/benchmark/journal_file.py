"""The journal of a run as a file of JSON lines: first the key, then one line per answer."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import orjson
from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.recorded_answer import RecordedAnswer
from day23.infrastructure.files import sync_folder


class JournalFile:
    """Implements `Journal`.

    Args:
        path: The file; there only while a run is under way or after one that was interrupted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: BinaryIO | None = None

    @property
    def answers(self) -> int:
        """How many whole answers are kept."""
        return max(0, self.path.read_bytes().count(b"\n") - 1)

    def begin(self, key: Mapping[str, object], *, resume: bool) -> tuple[RecordedAnswer, ...]:
        """Start a run, or go on with an interrupted one."""
        header = orjson.dumps(dict(key), option=orjson.OPT_SORT_KEYS) + b"\n"
        kept = self._kept(header) if resume else ()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Written anew: the last line of a killed run may be half a line.
        self._stream = self.path.open("wb", buffering=0)
        self._stream.write(header)
        for answer in kept:
            self.keep(answer)
        return kept

    def keep(self, answer: RecordedAnswer) -> None:
        """Append an answer, unbuffered: one system call, after which a kill loses nothing."""
        if self._stream:
            self._stream.write(answer.model_dump_json().encode() + b"\n")

    def finish(self) -> None:
        """Remove the file."""
        if self._stream:
            self._stream.close()
        self.path.unlink(missing_ok=True)
        if self.path.parent.exists():
            sync_folder(self.path.parent)

    def _kept(self, header: bytes) -> tuple[RecordedAnswer, ...]:
        step = "run without --resume"
        try:
            first, *lines = self.path.read_bytes().splitlines(keepends=True)
        except (FileNotFoundError, ValueError):
            raise ToolkitError(
                "no interrupted run to go on with", where=str(self.path), next_step=step
            ) from None
        if first != header:
            what = f"the interrupted run was another one; what differs: {_differing(first, header)}"
            same = "give what it was given, or run without --resume, which drops its samples"
            raise ToolkitError(what, where=str(self.path), next_step=same)
        whole = [line for line in lines if line.endswith(b"\n")]
        try:
            return tuple(map(RecordedAnswer.model_validate_json, whole))
        except ValidationError:
            raise ToolkitError(
                "the interrupted run is damaged", where=str(self.path), next_step=step
            ) from None


def _differing(one: bytes, other: bytes) -> str:
    try:
        before, now = orjson.loads(one), orjson.loads(other)
        return ", ".join(name for name in now if before.get(name) != now[name])
    except (orjson.JSONDecodeError, AttributeError):
        return "its key"
