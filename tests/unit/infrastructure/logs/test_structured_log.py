"""A log line is one JSON object with the standard fields, whatever the program puts into it."""

from datetime import datetime
from pathlib import Path
from time import perf_counter

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import LEVELS, LOG_FIELDS
from day23.infrastructure.logs import structured
from day23.infrastructure.logs.redaction import Redactor
from day23.infrastructure.logs.structured import LogFile, StructuredLog

CONTEXT = {"service": "seed", "trace_id": "a" * 32, "stage_id": "TL-01", "stream": "app"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def open_log(path: Path, level: str = "INFO") -> StructuredLog:
    return StructuredLog(LogFile(path), Redactor(["0123456789abcdef"]), level, CONTEXT)


def lines(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_a_line_carries_every_standard_field(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "seed.app.jsonl"
    assert open_log(path).write("info", "channel seeded", {"channel": "onaboka", "documents": 30})
    (line,) = lines(path)
    assert {field.name for field in LOG_FIELDS if field.required} <= line.keys()
    assert line | {"timestamp": ""} == {
        **CONTEXT,
        "timestamp": "",
        "level": "info",
        "event": "channel seeded",
        "epic_id": "EP23",
        "channel": "onaboka",
        "documents": 30,
    }


def test_the_timestamp_is_rfc_3339_utc_with_microseconds(tmp_path: Path) -> None:
    path = tmp_path / "seed.app.jsonl"
    open_log(path).write("info", "x", {})
    stamp = str(lines(path)[0]["timestamp"])
    assert len(stamp) == len("2026-01-01T00:00:00.000000Z")
    assert stamp.endswith("Z")
    assert datetime.fromisoformat(stamp).utcoffset() is not None


@given(
    st.sampled_from(LEVELS), st.text(), st.dictionaries(st.from_regex(r"[a-z]{3,8}", fullmatch=True), VALUES)
)
def test_any_text_and_value_stays_one_valid_line(
    tmp_path_factory: pytest.TempPathFactory, level: str, event: str, fields: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("logs") / "seed.app.jsonl"
    hidden = {"event", "level"}
    log = open_log(path, "DEBUG")
    assert log.write(level, event, {key: value for key, value in fields.items() if key not in hidden})
    log.close()
    assert len(lines(path)) == 1


def test_values_json_does_not_know_are_written_as_text(tmp_path: Path) -> None:
    path = tmp_path / "seed.app.jsonl"
    open_log(path).write("info", "\ud800", {"path": Path("/data"), "names": {"a"}})
    assert lines(path)[0]["path"] == "/data"


def test_lines_below_the_level_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "seed.app.jsonl"
    log = open_log(path, "WARNING")
    assert not log.write("info", "quiet", {})
    assert log.write("error", "loud", {})
    assert [line["event"] for line in lines(path)] == ["loud"]


def test_secrets_and_personal_data_do_not_reach_the_file(tmp_path: Path) -> None:
    path = tmp_path / "seed.app.jsonl"
    open_log(path).write(
        "error",
        "failed with 0123456789abcdef",
        {"mongodb_password": "hunter22", "nested": {"token": "t", "note": "write to a.b@example.org"}},
    )
    text = path.read_text()
    for private in ("0123456789abcdef", "hunter22", "example.org", '"t"'):
        assert private not in text


def test_a_line_stays_below_what_the_collector_can_carry(tmp_path: Path) -> None:
    path = tmp_path / "seed.app.jsonl"
    open_log(path).write("info", "x", {"post": "ы" * 400_000, "all_of_them": ["ы" * 400_000]})
    assert path.stat().st_size < 256 * 1024
    assert "(400000 characters)" in str(lines(path)[0]["post"])


def test_two_programs_may_append_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "seed.app.jsonl"
    first, second = open_log(path), open_log(path)
    for number in range(20):
        (first if number % 2 else second).write("info", "x", {"number": number})
    assert [line["number"] for line in lines(path)] == list(range(20))


def test_a_large_file_is_set_aside_when_a_run_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structured, "ROTATE_BYTES", 10)
    path = tmp_path / "seed.app.jsonl"
    open_log(path).write("info", "old", {})
    open_log(path).write("info", "new", {})
    assert [line["event"] for line in lines(path)] == ["new"]
    assert [line["event"] for line in lines(path.with_name("seed.app.jsonl.1"))] == ["old"]


def test_a_line_that_cannot_be_written_is_not_counted_and_does_not_raise() -> None:
    log = StructuredLog(LogFile(Path("/dev/full")), Redactor(), "info", CONTEXT)
    assert not log.write("info", "x", {})


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("")
    with pytest.raises(ToolkitError, match="no log can be written"):
        LogFile(tmp_path / "logs" / "seed.app.jsonl")


def test_the_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "seed.app.jsonl"
    LogFile(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_costs_little(tmp_path: Path) -> None:
    log = open_log(tmp_path / "seed.app.jsonl")
    started = perf_counter()
    for number in range(500):
        log.write("info", "digest stored", {"channel": "onaboka", "documents": number})
    assert (perf_counter() - started) / 500 < 500e-6
