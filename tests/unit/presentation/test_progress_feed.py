import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from day23.application.ports import ProgressState
from day23.infrastructure.progress import EventFile
from day23.presentation.progress_event import ProgressEvent
from day23.presentation.progress_feed import ProgressFeed, shown_live
from day23.presentation.progress_view import SilentView

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


class RecordingView(SilentView):
    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def show(self, event: ProgressEvent) -> None:
        self.seen.append((event.subject, event.state.value))


def _line(subject: str, after: float = 1) -> str:
    when = (START + timedelta(seconds=after)).isoformat()
    return json.dumps({"timestamp": when, "step": "ready", "subject": subject, "state": "ready"}) + "\n"


def _subjects(feed: ProgressFeed) -> list[str]:
    return [event.subject for event in feed.read()]


def test_events_come_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    feed = ProgressFeed(path, START)
    assert _subjects(feed) == []

    path.write_text(_line("loki") + _line("mongodb"))
    assert _subjects(feed) == ["loki", "mongodb"]
    assert _subjects(feed) == []


def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    feed = ProgressFeed(path, START)
    line = _line("loki")

    path.write_text(line[:20])
    assert _subjects(feed) == []
    path.write_text(line)
    assert _subjects(feed) == ["loki"]


def test_an_emptied_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(_line("old", after=-60) * 3)
    feed = ProgressFeed(path, START)
    assert _subjects(feed) == []

    path.write_text(_line("new"))
    assert _subjects(feed) == ["new"]


def test_what_modules_write_is_shown_until_the_block_ends(tmp_path: Path) -> None:
    view, path = RecordingView(), tmp_path / "run" / "events.jsonl"

    with shown_live(path, view):
        EventFile(path, "ready").report("loki", ProgressState.STARTING)
        EventFile(path, "ready").report("loki", ProgressState.READY)

    assert view.seen == [("loki", "starting"), ("loki", "ready")]
