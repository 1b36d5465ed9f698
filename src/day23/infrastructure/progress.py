"""Progress of long steps as JSON lines, for whoever watches the stack."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson

from day23.application.ports import ProgressState


class NoProgress:
    """Tells nobody; implements `Progress`."""

    def report(
        self,
        subject: str,
        state: ProgressState,
        *,
        done: int | None = None,
        total: int | None = None,
        detail: str = "",
    ) -> None:
        """Do nothing."""


class EventFile:
    """Appends one JSON line per report; implements `Progress`.

    Each line is written by one system call in append mode, so several processes may share the file.
    `elapsed_seconds` counts from the subject's first report of this step.

    Args:
        path: The file, normally `run/events.jsonl`; made when missing.
        step: What the subjects belong to: `artifacts`, `ready`, `seed`, ...
    """

    def __init__(self, path: Path, step: str) -> None:
        self._path = path
        self._step = step
        self._first_seen: dict[str, float] = {}

    def report(
        self,
        subject: str,
        state: ProgressState,
        *,
        done: int | None = None,
        total: int | None = None,
        detail: str = "",
    ) -> None:
        """Append that `subject` reached `state`."""
        now = time.monotonic()
        started = self._first_seen.setdefault(subject, now)
        self._append(
            {
                "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "step": self._step,
                "subject": subject,
                "state": state.value,
                "done": done,
                "total": total,
                "detail": detail,
                "elapsed_seconds": round(now - started, 3),
            }
        )

    def _append(self, event: dict[str, object]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
        finally:
            os.close(descriptor)
