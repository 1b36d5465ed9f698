"""Spans wait on disk until they are delivered, whoever is killed when."""

from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.infrastructure.traces import pending_spans
from day23.infrastructure.traces.pending_spans import PendingSpans
from day23.infrastructure.traces.span_document import SpanDocument


class Database:
    """Takes spans by id, or is away."""

    def __init__(self) -> None:
        self.stored: dict[str, SpanDocument] = {}
        self.away = False

    def save(self, documents: list[SpanDocument]) -> None:
        if self.away:
            raise ToolkitError("away")
        self.stored |= {document["_id"]: document for document in documents}


def test_what_was_kept_is_delivered_once(tmp_path: Path) -> None:
    database, pending = Database(), PendingSpans(tmp_path)
    for name in "ab":
        pending.append({"_id": name})
    assert pending.deliver(database.save) == 2
    assert pending.deliver(database.save) == 0
    assert sorted(database.stored) == ["a", "b"]
    assert not list(tmp_path.glob("spans.*.jsonl"))


def test_an_absent_database_keeps_them_for_the_next_run(tmp_path: Path) -> None:
    database = Database()
    database.away = True
    PendingSpans(tmp_path).append({"_id": "a"})
    with pytest.raises(ToolkitError, match="away"):
        PendingSpans(tmp_path).deliver(database.save)
    assert (tmp_path / "spans.pending.jsonl").exists()
    PendingSpans(tmp_path).append({"_id": "b"})
    database.away = False
    assert PendingSpans(tmp_path).deliver(database.save) == 2
    assert sorted(database.stored) == ["a", "b"]


def test_a_delivery_that_was_killed_is_done_again(tmp_path: Path) -> None:
    pending = PendingSpans(tmp_path)
    pending.append({"_id": "a"})

    def killed(_: list[SpanDocument]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pending.deliver(killed)
    pending.append({"_id": "b"})
    database = Database()
    PendingSpans(tmp_path).deliver(database.save)
    assert sorted(database.stored) == ["a", "b"]


def test_a_span_that_ends_during_a_delivery_waits_for_the_next(tmp_path: Path) -> None:
    pending, database = PendingSpans(tmp_path), Database()
    pending.append({"_id": "a"})

    def save(documents: list[SpanDocument]) -> None:
        pending.append({"_id": "b"})
        database.save(documents)

    assert pending.deliver(save) == 1
    assert pending.deliver(database.save) == 1
    assert sorted(database.stored) == ["a", "b"]


def test_a_line_cut_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    pending, database = PendingSpans(tmp_path), Database()
    pending.append({"_id": "a"})
    path = tmp_path / "spans.pending.jsonl"
    path.write_bytes(path.read_bytes() + b'{"_id": "cu\n')
    pending.append({"_id": "b"})
    pending.deliver(database.save)
    assert sorted(database.stored) == ["a", "b"]


def test_the_file_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_spans, "LARGEST_BYTES", 40)
    pending = PendingSpans(tmp_path)
    for number in range(50):
        pending.append({"_id": str(number)})
    assert (tmp_path / "spans.pending.jsonl").stat().st_size < 80


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(ToolkitError, match="a span is lost"):
        PendingSpans(tmp_path / "run").append({"_id": "a"})
