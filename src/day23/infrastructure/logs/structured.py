"""Structured log lines: one JSON object per line, one system call per line, into one file per program."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import EPIC_ID, LEVELS
from day23.infrastructure.files import give_to_owner_of, make_private_folder
from day23.infrastructure.logs.redaction import Redactor

ROTATE_BYTES = 20 * 1024 * 1024
LONGEST_LINE = 200_000
"""Bytes; the collector cuts lines at 256 KiB, and a cut line is no JSON any more."""

LONGEST_TEXT = 8_000
"""Characters that a value of a too long line keeps."""

_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
_PRIVATE = 0o600


class LogFile:
    """An append-only file that several processes may share; rotated when it is opened too large.

    The predecessor is kept as `<name>.1`, which the collector's pattern still matches.

    Raises:
        ToolkitError: The file cannot be opened for writing.
    """

    def __init__(self, path: Path) -> None:
        try:
            make_private_folder(path.parent)
            if path.exists() and path.stat().st_size > ROTATE_BYTES:
                path.replace(path.with_name(f"{path.name}.1"))
            self._descriptor = os.open(path, _APPEND, _PRIVATE)
            give_to_owner_of(path.parent, self._descriptor)
        except OSError as error:
            raise ToolkitError(
                f"no log can be written: {error.strerror}",
                where=str(path),
                next_step="make the folder writable, or set DAY23_STACK_ROOT to one that is",
            ) from None

    def msg(self, line: bytes) -> bool:
        """Append one line; return whether all of it was written."""
        try:
            return os.write(self._descriptor, line) == len(line)
        except OSError:
            return False

    debug = info = warning = error = critical = msg

    def close(self) -> None:
        """Release the file; further lines are lost."""
        os.close(self._descriptor)
        self._descriptor = -1


class StructuredLog:
    """A log sink whose lines carry the policy's standard fields; see `LOG_FIELDS`.

    Args:
        file: Where lines go.
        redactor: Removes what must not leave the process.
        level: Lines below it are not written.
        context: Standard fields that are the same for every line of the run.
    """

    def __init__(self, file: LogFile, redactor: Redactor, level: str, context: Mapping[str, str]) -> None:
        self._file = file
        self._redactor = redactor
        known = level.lower() if level.lower() in LEVELS else "info"
        self._logger = structlog.wrap_logger(
            file,
            processors=[_add_timestamp, _render],
            wrapper_class=structlog.make_filtering_bound_logger(known),
        ).bind(epic_id=EPIC_ID, **context)

    def write(self, level: str, event: str, fields: Mapping[str, object]) -> bool:
        """Write one line; return whether it was written, not filtered or lost."""
        write = getattr(self._logger, level)
        return bool(write(self._redactor.clean_text(event), level=level, **self._redactor.clean(fields)))

    def close(self) -> None:
        """Release the file."""
        self._file.close()


def _add_timestamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    moment = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"timestamp": moment, **event}


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> tuple[tuple[bytes], dict[str, Any]]:
    line = _as_json(event)
    if len(line) > LONGEST_LINE:
        line = _as_json({key: _shorten(value) for key, value in event.items()})
    return (line,), {}


def _as_json(event: Mapping[str, object]) -> bytes:
    """Return the line; a value that JSON or UTF-8 does not know is written as text."""
    try:
        return orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        plain = {key: _as_plain(value) for key, value in event.items()}
        return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def _as_plain(value: object) -> object:
    try:
        orjson.dumps(value)
    except TypeError:
        return str(value).encode(errors="backslashreplace").decode()
    return value


def _shorten(value: object) -> object:
    text = value if isinstance(value, str) else str(value)
    return f"{text[:LONGEST_TEXT]}… ({len(text)} characters)" if len(text) > LONGEST_TEXT else value
