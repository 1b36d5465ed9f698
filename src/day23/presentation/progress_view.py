"""Live progress for people: rich lines that change in place on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from day23.application.ports import ProgressState
from day23.presentation.progress_event import ProgressEvent

_HEARTBEAT_SECONDS = 10.0
_REFRESHES_PER_SECOND = 8
_MARKS = {
    ProgressState.READY: Text("✔", "green"),
    ProgressState.DONE: Text("✔", "green"),
    ProgressState.SKIPPED: Text("–", "yellow"),
    ProgressState.FAILED: Text("✘", "bold red"),
}


class ProgressView(Protocol):
    """Shows what a long step is doing."""

    def show(self, event: ProgressEvent) -> None:
        """Show that a subject reached a state."""
        ...

    def title(self, text: str) -> None:
        """Show what is being done as a whole."""
        ...

    def line(self, text: str) -> None:
        """Leave a line of text above whatever changes in place."""
        ...


class SilentView:
    """Shows nothing; for `--json`."""

    def show(self, event: ProgressEvent) -> None:
        """Ignore the event."""

    def title(self, text: str) -> None:
        """Ignore the title."""

    def line(self, text: str) -> None:
        """Ignore the line."""


class PlainView:
    """One line per change of state, and a heartbeat for subjects that take long.

    Args:
        console: Where the lines go.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[tuple[str, str], tuple[ProgressState, float]] = {}

    def show(self, event: ProgressEvent) -> None:
        """Print the event where it says something new."""
        key = (event.step, event.subject)
        state, shown_at = self._shown.get(key, (None, 0.0))
        now = time.monotonic()
        if state is event.state and (event.is_final or now - shown_at < _HEARTBEAT_SECONDS):
            return
        self._shown[key] = (event.state, now)
        self.line(f"{event.subject}: {event.summary()}")

    def title(self, text: str) -> None:
        """Ignore the title: a log has a line per result, not per intention."""

    def line(self, text: str) -> None:
        """Print one line as it is."""
        self._console.print(Text.from_ansi(text), soft_wrap=True)


class LiveView:
    """One line per subject that changes in place; a finished step stays above the next one.

    Args:
        console: A terminal.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._step = ""
        self._title = ""
        self._events: dict[str, ProgressEvent] = {}
        self._spinner = Spinner("dots")

    def show(self, event: ProgressEvent) -> None:
        """Replace the subject's line."""
        if event.step != self._step:
            self.finish()
            self._step = event.step
        self._events[event.subject] = event

    def title(self, text: str) -> None:
        """Replace the line below the subjects."""
        self._title = text

    def line(self, text: str) -> None:
        """Print a line above the subjects."""
        self._console.print(Text.from_ansi(text), soft_wrap=True)

    def finish(self) -> None:
        """Leave the subjects where they are and begin an empty board."""
        if self._events:
            self._console.print(self._table())
        self._events = {}

    def __rich__(self) -> RenderableType:
        return Group(self._table(), self._footer())

    def _footer(self) -> RenderableType:
        self._spinner.update(text=Text(self._title, "dim"))
        return self._spinner if self._title else Text("")

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        for event in list(self._events.values()):
            table.add_row(_MARKS.get(event.state, Text("·", "cyan")), event.subject, Text(event.summary()))
        return table


@contextmanager
def progress_view(console: Console) -> Iterator[ProgressView]:
    """Yield the view that suits `console`, and leave its last state on the screen.

    Example:
        >>> with progress_view(Console(stderr=True)) as view:
        ...     view.line("2 channels to go")
    """
    if not console.is_terminal:
        yield PlainView(console)
        return
    board = LiveView(console)
    with Live(board, console=console, refresh_per_second=_REFRESHES_PER_SECOND, transient=True):
        yield board
    board.finish()


class TerminalProgress:
    """Shows reports on a view; implements `Progress` for scripts.

    Args:
        view: Where the reports appear.
        step: What the subjects belong to: `seed`, `export`, ...

    Example:
        >>> with progress_view(Console(stderr=True)) as view:
        ...     TerminalProgress(view, "seed").report("habr", ProgressState.RUNNING, done=3, total=30)
    """

    def __init__(self, view: ProgressView, step: str) -> None:
        self._view = view
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
        """Show that `subject` reached `state`."""
        now = time.monotonic()
        started = self._first_seen.setdefault(subject, now)
        event = ProgressEvent(
            timestamp=datetime.now(UTC),
            step=self._step,
            subject=subject,
            state=state,
            done=done,
            total=total,
            detail=detail,
            elapsed_seconds=now - started,
        )
        self._view.show(event)
