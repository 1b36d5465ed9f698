import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.presentation.progress_event import parse_event


def _line(**changes: object) -> str:
    event = {
        "timestamp": "2026-03-01T10:00:00.000+00:00",
        "step": "ready",
        "subject": "loki",
        "state": "ready",
    }
    return json.dumps({**event, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"elapsed_seconds": 3.21}, "ready in 3.2 s"),
        ({"state": "fetching"}, "fetching"),
        ({"state": "fetching", "done": 41_000_000, "total": 100_000_000}, "fetching 41 %"),
        ({"state": "fetching", "done": 5, "total": 0}, "fetching 5"),
        ({"state": "running", "done": 12, "total": 30}, "running 12/30"),
        ({"state": "done", "done": 30, "total": 30, "elapsed_seconds": 1}, "done in 1.0 s"),
        ({"state": "skipped", "detail": "no artefact"}, "skipped: no artefact"),
        ({"state": "failed", "detail": "exit 2"}, "FAILED: exit 2"),
    ],
)
def test_a_state_is_told_in_words(changes: dict[str, object], words: str) -> None:
    event = parse_event(_line(**changes))

    assert event
    assert event.summary() == words


@given(st.text())
def test_a_line_that_is_no_event_is_ignored(line: str) -> None:
    assert parse_event(line) is None


def test_half_a_line_is_ignored() -> None:
    assert parse_event(_line()[:-5]) is None
