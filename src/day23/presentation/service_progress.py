"""Joins what Ansible tells about a service's task with what the wait for readiness tells."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from day23.application.ports import ProgressState
from day23.presentation.progress_event import ProgressEvent
from day23.presentation.progress_view import ProgressView

_STEP = "services"
_JOINED_STEPS = frozenset({_STEP, "artifacts", "ready"})
_STATES = {
    "unchanged": ProgressState.READY,
    "skipped": ProgressState.SKIPPED,
    "removed": ProgressState.DONE,
}


class ServiceProgress:
    """A view that keeps one line per service from `fetching` to `ready in n s`.

    The time counts from the service's first event of this run, whichever process wrote it.

    Args:
        view: Where the lines appear.
        only_predicts: Whether the playbook changes nothing and tells what would happen.
    """

    def __init__(self, view: ProgressView, *, only_predicts: bool = False) -> None:
        self._view = view
        self._only_predicts = only_predicts
        self._first_seen: dict[str, datetime] = {}
        self._unchanged: set[str] = set()
        self._unavailable: dict[str, str] = {}

    def show(self, event: ProgressEvent) -> None:
        """Show the event; readiness of a service that did not change is no news."""
        if event.step not in _JOINED_STEPS:
            self._view.show(event)
            return
        started = self._first_seen.setdefault(event.subject, event.timestamp)
        if event.state is ProgressState.READY and event.subject in self._unchanged:
            return
        changes: dict[str, Any] = {"step": _STEP}
        if event.state is ProgressState.READY:
            changes |= {"detail": "", "elapsed_seconds": (event.timestamp - started).total_seconds()}
        self._view.show(event.model_copy(update=changes))

    def title(self, text: str) -> None:
        """Pass the title on."""
        self._view.title(text)

    def line(self, text: str) -> None:
        """Pass the line on."""
        self._view.line(text)

    def show_task(self, event: Mapping[str, Any]) -> None:
        """Take in an event of ansible-runner; only the tasks that run a service matter."""
        data = event.get("event_data") or {}
        kind, result = (event.get("event"), data.get("task_action")), data.get("res") or {}
        if kind == ("runner_on_start", "day23_service"):
            self._first_seen.setdefault(str(data.get("role")), datetime.now(UTC))
        elif kind == ("runner_on_ok", "day23_service"):
            self._show_action(result)
        elif kind == ("runner_on_ok", "day23_artifacts"):
            self._unavailable = {each["name"]: each.get("reason") or "" for each in result["artifacts"]}

    def _show_action(self, result: Mapping[str, Any]) -> None:
        name, action = str(result.get("service")), str(result.get("action"))
        reasons = "; ".join(map(str, result.get("reasons") or [])) or self._unavailable.get(name, "")
        if self._only_predicts:
            self._view.line(f"{name}: would be {action}" + (f": {reasons}" if reasons else ""))
            return
        if action == "unchanged":
            self._unchanged.add(name)
        detail = {"unchanged": "unchanged", "started": "", "skipped": reasons}.get(
            action, f"{action}, {reasons}"
        )
        state = _STATES.get(action, ProgressState.STARTING)
        now = datetime.now(UTC)
        self._view.show(ProgressEvent(timestamp=now, step=_STEP, subject=name, state=state, detail=detail))
