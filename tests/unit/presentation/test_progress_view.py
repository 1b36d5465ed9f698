import io

import pytest
from rich.console import Console

from day23.application.ports import ProgressState
from day23.presentation.progress_view import TerminalProgress, progress_view


def _shown(terminal: bool) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=terminal, width=80, color_system=None), stream


def test_without_a_terminal_every_change_of_state_is_one_line() -> None:
    console, stream = _shown(terminal=False)

    with progress_view(console) as view:
        progress = TerminalProgress(view, "seed")
        for done in range(30):
            progress.report("habr", ProgressState.RUNNING, done=done, total=30)
        progress.report("habr", ProgressState.DONE, done=30, total=30)
        view.title("never printed")

    assert stream.getvalue().splitlines() == ["habr: running 0/30", "habr: done in 0.0 s"]


def test_a_long_step_shows_that_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    console, stream = _shown(terminal=False)
    clock = iter(range(0, 1000, 6))
    monkeypatch.setattr("day23.presentation.progress_view.time.monotonic", lambda: next(clock))

    with progress_view(console) as view:
        progress = TerminalProgress(view, "artifacts")
        for done in (0, 10, 20):
            progress.report("loki", ProgressState.FETCHING, done=done, total=100)

    assert stream.getvalue().splitlines() == [
        "loki: fetching 0/100",
        "loki: fetching 10/100",
        "loki: fetching 20/100",
    ]


def test_lines_are_printed_as_they_are_without_colour_codes() -> None:
    console, stream = _shown(terminal=False)

    with progress_view(console) as view:
        view.line("\x1b[0;32mok: [localhost]\x1b[0m")

    assert stream.getvalue() == "ok: [localhost]\n"


def test_on_a_terminal_the_last_state_of_every_subject_stays_on_the_screen() -> None:
    console, stream = _shown(terminal=True)

    with progress_view(console) as view:
        ready = TerminalProgress(view, "ready")
        ready.report("loki", ProgressState.STARTING)
        ready.report("grafana", ProgressState.SKIPPED, detail="no artefact")
        ready.report("loki", ProgressState.READY)
        TerminalProgress(view, "seed").report("habr", ProgressState.DONE)

    final = stream.getvalue().rsplit("loki", 1)[1]
    assert "ready in" in final
    assert "grafana" in final
    assert "habr" in final
