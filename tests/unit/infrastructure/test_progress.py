"""Progress events as others read them."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from day23.application.ports import ProgressState
from day23.infrastructure.progress import EventFile


def test_each_report_is_one_line_with_every_field(tmp_path: Path) -> None:
    events = EventFile(tmp_path / "run" / "events.jsonl", "artifacts")
    events.report("loki", ProgressState.FETCHING, done=1, total=2, detail="строит")
    events.report("loki", ProgressState.DONE)
    first, second = map(json.loads, (tmp_path / "run" / "events.jsonl").read_text("utf-8").splitlines())
    assert first.pop("timestamp") <= second.pop("timestamp")
    assert first == {
        "step": "artifacts",
        "subject": "loki",
        "state": "fetching",
        "done": 1,
        "total": 2,
        "detail": "строит",
        "elapsed_seconds": 0.0,
    }
    assert (second["state"], second["done"]) == ("done", None)
    assert second["elapsed_seconds"] >= 0


def test_writers_at_the_same_time_keep_their_lines_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"

    def write(step: str) -> None:
        events = EventFile(path, step)
        for number in range(100):
            events.report(step, ProgressState.RUNNING, done=number, detail="x" * 500)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, ["a", "b", "c", "d"]))
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for step in "abcd":
        assert [line["done"] for line in lines if line["step"] == step] == list(range(100))
