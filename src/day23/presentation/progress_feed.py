"""Follow `run/events.jsonl` while something else writes it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from day23.presentation.progress_event import ProgressEvent, parse_event
from day23.presentation.progress_view import ProgressView

_POLL_SECONDS = 0.1


class ProgressFeed:
    """Reads the events that were appended since the last look.

    The file is emptied when a playbook starts; events of an earlier run are told by their time.

    Args:
        path: The events file; need not exist yet.
        since: Older events are left out.
    """

    def __init__(self, path: Path, since: datetime) -> None:
        self._path = path
        self._since = since
        self._offset = 0

    def read(self) -> list[ProgressEvent]:
        """Return the new events, oldest first."""
        parsed = (parse_event(line) for line in self._new_lines())
        return [event for event in parsed if event and event.timestamp >= self._since]

    def _new_lines(self) -> list[bytes]:
        with suppress(FileNotFoundError, NotADirectoryError), self._path.open("rb") as stream:
            if self._path.stat().st_size < self._offset:
                self._offset = 0
            stream.seek(self._offset)
            complete, newline, _ = stream.read().rpartition(b"\n")
            self._offset += len(complete) + len(newline)
            return complete.splitlines()
        return []


@contextmanager
def shown_live(path: Path, view: ProgressView) -> Iterator[None]:
    """Show on `view`, for the duration of the block, every event written to `path`."""
    feed = ProgressFeed(path, _rounded_now())
    stop = threading.Event()
    thread = threading.Thread(target=_pump, args=(feed, view, stop), name="progress-feed", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        _show_new(feed, view)


def _rounded_now() -> datetime:
    """Events carry whole milliseconds, so the first one must not look older than the start."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _pump(feed: ProgressFeed, view: ProgressView, stop: threading.Event) -> None:
    while not stop.wait(_POLL_SECONDS):
        _show_new(feed, view)


def _show_new(feed: ProgressFeed, view: ProgressView) -> None:
    for event in feed.read():
        view.show(event)
