"""Spans form one tree under one trace id, across threads and failures."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.infrastructure.traces.pending_spans import PendingSpans
from day23.infrastructure.traces.span_document import SpanDocument, with_dates
from day23.infrastructure.traces.span_recorder import SpanRecorder

TRACE = "0af7651916cd43dd8448eb211c80319c"


class Recording:
    """A recorder and the spans it delivered."""

    def __init__(self, folder: Path) -> None:
        self.delivered: list[SpanDocument] = []
        self.recorder = SpanRecorder(
            PendingSpans(folder),
            self.delivered.extend,
            trace_id=TRACE,
            service="seed",
            stage_id="TL-01",
            clean_text=lambda text: text.replace("hunter2", "***"),
        )

    def spans(self) -> dict[str, SpanDocument]:
        self.recorder.flush()
        return {span["name"]: span for span in self.delivered}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return Recording(tmp_path)


def test_a_span_is_a_document_of_the_agreed_shape(recording: Recording) -> None:
    with recording.recorder.span("seed", {"channels": 5}):
        identity = recording.recorder.current_span_id
    span = with_dates(recording.spans()["seed"])
    assert span["_id"] == identity
    assert len(span["_id"]) == 16
    assert span["start_time"] <= span["end_time"]
    assert span["start_time"].tzinfo is not None
    assert span["duration_ms"] >= 0
    assert {key: span[key] for key in span.keys() - {"_id", "start_time", "end_time", "duration_ms"}} == {
        "trace_id": TRACE,
        "parent_id": None,
        "name": "seed",
        "service": "seed",
        "status": "ok",
        "attributes": {"channels": 5},
        "epic_id": "EP23",
        "stage_id": "TL-01",
    }


def test_inner_spans_are_children_of_outer_ones(recording: Recording) -> None:
    with recording.recorder.span("seed", {}), recording.recorder.span("seed.channel", {}):
        pass
    spans = recording.spans()
    assert spans["seed.channel"]["parent_id"] == spans["seed"]["_id"]
    assert {span["trace_id"] for span in spans.values()} == {TRACE}


def test_spans_of_worker_threads_hang_on_the_root(recording: Recording) -> None:
    def work() -> None:
        with recording.recorder.span("seed.channel", {}):
            pass

    with recording.recorder.span("seed", {}), ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
    spans = recording.spans()
    assert spans["seed.channel"]["parent_id"] == spans["seed"]["_id"]


@pytest.mark.parametrize("failure", [ToolkitError("hunter2 is wrong"), KeyboardInterrupt()])
def test_a_failed_block_marks_its_span_and_passes_the_error_on(
    recording: Recording, failure: BaseException
) -> None:
    with pytest.raises(type(failure)), recording.recorder.span("seed", {"url": "hunter2@host"}):
        raise failure
    span = recording.spans()["seed"]
    assert span["status"] == "error"
    assert span["attributes"]["error"].startswith(type(failure).__name__)
    assert "hunter2" not in str(span)


def test_a_span_that_cannot_be_kept_does_not_fail_the_run(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with Recording(tmp_path / "run").recorder.span("seed", {}):
        pass


def test_outside_of_spans_there_is_no_current_one(recording: Recording) -> None:
    assert recording.recorder.current_span_id is None
