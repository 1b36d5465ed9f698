from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from day23.application.ports import ProgressState
from day23.presentation.progress_event import ProgressEvent
from day23.presentation.progress_view import SilentView
from day23.presentation.service_progress import ServiceProgress


class RecordingView(SilentView):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def line(self, text: str) -> None:
        self.seen.append(text)

    def show(self, event: ProgressEvent) -> None:
        self.seen.append(f"{event.subject} {event.summary()}")


@pytest.fixture
def view() -> RecordingView:
    return RecordingView()


@pytest.fixture
def progress(view: RecordingView) -> ServiceProgress:
    return ServiceProgress(view)


def _event(step: str, state: ProgressState, after: float) -> ProgressEvent:
    when = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=after)
    return ProgressEvent(timestamp=when, step=step, subject="loki", state=state, detail="")


def _task(kind: str, action: str, result: dict[str, Any]) -> dict[str, Any]:
    return {"event": kind, "event_data": {"task_action": action, "role": "loki", "res": result}}


def _acted(action: str, *reasons: str) -> dict[str, Any]:
    result = {"service": "loki", "action": action, "reasons": list(reasons)}
    return _task("runner_on_ok", "day23_service", result)


def test_the_time_to_readiness_counts_from_the_services_first_event(
    progress: ServiceProgress, view: RecordingView
) -> None:
    progress.show(_event("artifacts", ProgressState.FETCHING, after=0))
    progress.show(_event("ready", ProgressState.STARTING, after=9))
    progress.show(_event("ready", ProgressState.READY, after=12.5))

    assert view.seen == ["loki fetching", "loki starting", "loki ready in 12.5 s"]


def test_an_unchanged_service_is_told_once(progress: ServiceProgress, view: RecordingView) -> None:
    progress.show_task(_acted("unchanged"))
    progress.show(_event("ready", ProgressState.READY, after=1))

    assert view.seen == ["loki ready: unchanged"]


def test_a_restart_says_why(progress: ServiceProgress, view: RecordingView) -> None:
    progress.show_task(_acted("restarted", "loki.yml changed"))

    assert view.seen == ["loki starting: restarted, loki.yml changed"]


def test_a_skipped_service_says_why_also_when_that_is_no_news(
    progress: ServiceProgress, view: RecordingView
) -> None:
    missing = {"artifacts": [{"name": "loki", "reason": "no source for this engine"}, {"name": "mongodb"}]}
    progress.show_task(_task("runner_on_ok", "day23_artifacts", missing))
    progress.show_task(_acted("skipped"))

    assert view.seen == ["loki skipped: no source for this engine"]


def test_other_steps_and_tasks_pass_through(progress: ServiceProgress, view: RecordingView) -> None:
    progress.show_task(_task("runner_on_ok", "ansible.builtin.debug", {"msg": "hello"}))
    progress.show(_event("seed", ProgressState.RUNNING, after=0))

    assert view.seen == ["loki running"]


def test_a_prediction_does_not_claim_that_anything_started(view: RecordingView) -> None:
    progress = ServiceProgress(view, only_predicts=True)
    progress.show_task(_acted("restarted", "loki.yml changed"))
    progress.show_task(_acted("started"))

    assert view.seen == ["loki: would be restarted: loki.yml changed", "loki: would be started"]
