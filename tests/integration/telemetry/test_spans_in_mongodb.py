"""Spans reach a real MongoDB, also those that had to wait for it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo import MongoClient

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.bootstrap_probes import MongoProbe
from day23.infrastructure.queries import spans
from day23.infrastructure.queries.spans import SpanQueries
from day23.infrastructure.traces.mongo_span_store import MongoSpanStore
from day23.infrastructure.traces.pending_spans import PendingSpans
from day23.settings import Settings
from day23.wiring.telemetry import telemetry_session

pytestmark = pytest.mark.slow

TRACE = "c" * 32
NOBODY = "mongodb://127.0.0.1:1/?directConnection=true"


def settings_for(database, tmp_path: Path, url: str | None = None) -> Settings:
    return Settings(
        stack_root=tmp_path, mongodb_url=url or database.url, db_name=database.name, trace_id=TRACE
    )


def queries(database) -> SpanQueries:
    return SpanQueries(lambda: MongoClient(database.url, tz_aware=True), database.name)


def test_the_spans_of_a_session_are_stored_with_dates_and_parents(database, tmp_path) -> None:
    before = datetime.now(UTC)
    session = telemetry_session(settings_for(database, tmp_path), "seed", "TL-01")
    with session as telemetry, telemetry.span("seed.channel", channel="onaboka"):
        pass
    root, child = queries(database).of_trace(TRACE)
    assert (root.name, root.parent_id, child.parent_id) == ("seed", None, root.span_id)
    assert child.attributes == {"channel": "onaboka"}
    stored = database.collection("spans").find_one({"name": "seed"})
    assert (stored["start_time"] - before).total_seconds() == pytest.approx(0, abs=5)
    assert (stored["epic_id"], stored["stage_id"], stored["status"]) == ("EP23", "TL-01", "ok")
    assert not list(StackPaths(tmp_path).run.glob("spans.*.jsonl"))


def test_spans_of_a_run_without_mongodb_are_stored_by_the_next_run(database, tmp_path) -> None:
    with telemetry_session(settings_for(database, tmp_path, NOBODY), "seed", "TL-01"):
        pass
    assert (StackPaths(tmp_path).run / "spans.pending.jsonl").exists()
    assert queries(database).of_trace(TRACE) == ()
    with telemetry_session(settings_for(database, tmp_path), "export", "TL-02"):
        pass
    assert [span.name for span in queries(database).of_trace(TRACE)] == ["seed", "export"]


def test_storing_a_span_twice_leaves_it_once(database, tmp_path) -> None:
    store = MongoSpanStore(lambda: MongoClient(database.url), database.name)
    with telemetry_session(settings_for(database, tmp_path, NOBODY), "seed", "TL-01"):
        pass
    waiting = (StackPaths(tmp_path).run / "spans.pending.jsonl").read_bytes()
    for _ in range(2):
        (StackPaths(tmp_path).run / "spans.pending.jsonl").write_bytes(waiting)
        assert PendingSpans(StackPaths(tmp_path).run).deliver(store.save) == 1
    assert database.collection("spans").count_documents({}) == 1


def test_a_mongodb_that_is_away_is_told_in_time(monkeypatch) -> None:
    monkeypatch.setattr(spans, "ANSWER_SECONDS", 0.2)
    client = MongoClient(NOBODY)
    with pytest.raises(ToolkitError, match="MongoDB gives no spans"):
        SpanQueries(lambda: client, "butler").of_trace(TRACE)


def test_the_bootstrap_asks_mongodb_for_a_writable_primary(database) -> None:
    assert MongoProbe(lambda: MongoClient(database.url), database.name).ask().startswith("MongoDB ")
    stranger = database.url.replace("mongodb://", "mongodb://nobody:wrong@")
    with pytest.raises(ToolkitError, match="MongoDB refuses: Authentication failed"):
        MongoProbe(lambda: MongoClient(stranger), database.name).ask()
