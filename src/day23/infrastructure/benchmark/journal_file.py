"""The journal of a run as a file of JSON lines: first the key, then one line per finished sample."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import orjson
from pydantic import TypeAdapter, ValidationError

from day23.domain.benchmark_judgement import MeasuredSample
from day23.domain.errors import ToolkitError
from day23.infrastructure.files import sync_folder

_SAMPLE = TypeAdapter(MeasuredSample)


class JournalFile:
    """Implements `Journal`.

    Args:
        path: The file; there only while a run is under way or after one that was interrupted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: BinaryIO | None = None

    def begin(self, key: Mapping[str, object], *, resume: bool) -> tuple[MeasuredSample, ...]:
        """Start a run, or go on with an interrupted one."""
        header = orjson.dumps(dict(key), option=orjson.OPT_SORT_KEYS) + b"\n"
        kept = self._kept(header) if resume else ()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Written anew: the last line of a killed run may be half a line.
        self._stream = self.path.open("wb", buffering=0)
        self._stream.write(header)
        for sample in kept:
            self.keep(sample)
        return kept

    def keep(self, sample: MeasuredSample) -> None:
        """Append a sample, unbuffered: one system call, after which a kill loses nothing."""
        if self._stream:
            self._stream.write(orjson.dumps(asdict(sample), default=_plain) + b"\n")

    def finish(self) -> None:
        """Remove the file."""
        if self._stream:
            self._stream.close()
        self.path.unlink(missing_ok=True)
        if self.path.parent.exists():
            sync_folder(self.path.parent)

    def _kept(self, header: bytes) -> tuple[MeasuredSample, ...]:
        step = "run without --resume"
        try:
            first, *lines = self.path.read_bytes().splitlines(keepends=True)
        except (FileNotFoundError, ValueError):
            raise ToolkitError(
                "no interrupted run to go on with", where=str(self.path), next_step=step
            ) from None
        if first != header:
            what = f"the interrupted run was another one: {_differing(first, header)} differ"
            raise ToolkitError(what, where=str(self.path), next_step=step)
        whole = [line for line in lines if line.endswith(b"\n")]
        try:
            return tuple(map(_SAMPLE.validate_json, whole))
        except ValidationError:
            raise ToolkitError(
                "the interrupted run is damaged", where=str(self.path), next_step=step
            ) from None


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)


def _differing(one: bytes, other: bytes) -> str:
    try:
        before, now = orjson.loads(one), orjson.loads(other)
        return ", ".join(name for name in now if before.get(name) != now[name])
    except (orjson.JSONDecodeError, AttributeError):
        return "its key"
