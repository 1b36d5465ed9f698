"""Run a playbook through ansible-runner and show it while it runs."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from day23.presentation.interruption import interrupt_descendants, interruption
from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_outcome import Event, PlaybookOutcome
from day23.presentation.progress_feed import shown_live
from day23.presentation.progress_view import ProgressView
from day23.presentation.service_progress import ServiceProgress

_POLL_SECONDS = 0.2


class FinishedRun(Protocol):
    """What ansible-runner hands back."""

    status: str


StartRun = Callable[..., FinishedRun]
"""`ansible_runner.run`, or a stand-in that calls `event_handler` itself."""


def run_playbook(
    call: PlaybookCall, events_file: Path, view: ProgressView, start: StartRun | None = None
) -> PlaybookOutcome:
    """Run `call` to its end, showing tasks and service progress on `view`.

    Nothing is left behind: ansible-runner's own files live in a folder that goes away with the run.

    Args:
        call: What to run.
        events_file: The stack's `run/events.jsonl`, which long modules write.
        view: Where progress appears.
        start: Stands in for `ansible_runner.run`.

    Returns:
        The outcome, also when the run failed or was interrupted.
    """
    outcome, shown = PlaybookOutcome(), ServiceProgress(view, only_predicts=call.only_predicts)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="day23-") as private,
        interruption() as interrupted,
        shown_live(events_file, shown),
    ):
        settings = _runner_settings(call, private, _event_handler(call, outcome, shown), interrupted)
        outcome.status = (start or _ansible_runner())(**settings).status
    outcome.seconds = time.monotonic() - began
    return outcome


def _ansible_runner() -> StartRun:
    from ansible_runner import run

    return run  # type: ignore[no-any-return]


def _runner_settings(
    call: PlaybookCall, private: str, event_handler: Callable[[Event], bool], interrupted: Callable[[], bool]
) -> dict[str, Any]:
    return {
        "private_data_dir": private,
        "project_dir": str(call.project),
        "playbook": call.playbook,
        "inventory": str(call.inventory_path),
        "extravars": dict(call.variables),
        "envvars": _environment(call.project),
        "cmdline": " ".join(call.flags) or None,
        "quiet": True,
        "settings": {"pexpect_timeout": _POLL_SECONDS},
        "event_handler": event_handler,
        "cancel_callback": lambda: _cancel_if(interrupted()),
    }


def _environment(project: Path) -> dict[str, str]:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {"ANSIBLE_CONFIG": str(project / "ansible.cfg"), "PATH": programs, "LC_ALL": "C.UTF-8"}


def _cancel_if(interrupted: bool) -> bool:
    if interrupted:
        interrupt_descendants()
    return interrupted


def _event_handler(
    call: PlaybookCall, outcome: PlaybookOutcome, view: ServiceProgress
) -> Callable[[Event], bool]:
    """Return what ansible-runner calls for each event; False keeps the event off the disk."""
    wordy = call.predict or call.verbosity > 0

    def handle(event: Event) -> bool:
        outcome.add(event)
        view.show_task(event)
        if event.get("event") == "playbook_on_task_start":
            view.title(str(event["event_data"].get("task", "")))
        printed = str(event.get("stdout", "")).replace("\r\n", "\n").strip("\n")
        if wordy and printed:
            view.line(printed)
        return False

    return handle
