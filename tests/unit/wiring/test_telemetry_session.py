"""A session leaves metrics, log lines and spans of its run behind, however the run ends."""

from pathlib import Path

import orjson
import pytest

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.settings import Settings
from day23.wiring.telemetry import telemetry_session

PASSWORD = "5e" * 24


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("MONGODB_URL", raising=False)
    return Settings(stack_root=tmp_path / "stack")


def jsonl(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_one_trace_id_joins_metrics_lines_and_spans(settings: Settings) -> None:
    paths = StackPaths(settings.stack_root)
    with telemetry_session(settings, "export", "TL-02") as telemetry:
        telemetry.log("info", "export started")
        telemetry.measure("benchmark_export_duration_seconds", 1.0, exporter="digests")
    lines = jsonl(paths.log("export", "app"))
    (span,) = jsonl(paths.run / "spans.pending.jsonl")
    assert {line["trace_id"] for line in lines} == {telemetry.trace_id} == {span["trace_id"]}
    assert (span["name"], span["stage_id"]) == ("export", "TL-02")
    assert lines[0]["span_id"] == span["_id"]
    textfile = (paths.textfiles / "export.prom").read_text()
    assert 'benchmark_export_duration_seconds_count{exporter="digests"} 1.0' in textfile
    assert 'structured_logs_total{level="info",service="export"} 1.0' in textfile


def test_a_stack_that_is_down_costs_one_warning(settings: Settings) -> None:
    with telemetry_session(settings, "seed", "TL-01"):
        pass
    (line,) = jsonl(StackPaths(settings.stack_root).log("seed", "app"))
    assert (line["level"], line["event"]) == ("warning", "spans not published")


def test_a_failed_run_is_published_too(settings: Settings) -> None:
    def failing_run() -> None:
        with telemetry_session(settings, "seed", "TL-01") as telemetry:
            telemetry.measure("benchmark_digest_records_total", 3, channel="onaboka")
            raise KeyError

    with pytest.raises(KeyError):
        failing_run()
    paths = StackPaths(settings.stack_root)
    assert "benchmark_digest_records_total" in (paths.textfiles / "seed.prom").read_text()
    assert jsonl(paths.run / "spans.pending.jsonl")[0]["status"] == "error"


def test_the_stacks_secrets_never_reach_log_or_span(settings: Settings) -> None:
    paths = StackPaths(settings.stack_root)
    paths.secrets.mkdir(parents=True)
    paths.secret("mongodb_seeder").write_text(f"{PASSWORD}\n")

    def leaking_run() -> None:
        with telemetry_session(settings, "seed", "TL-01", trace_id="c" * 32) as telemetry:
            telemetry.log("info", f"connecting with {PASSWORD}")
            raise ToolkitError(f"wrong password {PASSWORD}")

    with pytest.raises(ToolkitError):
        leaking_run()
    written = [path.read_text() for folder in (paths.logs, paths.run) for path in folder.rglob("*.*")]
    assert any("c" * 32 in text for text in written)
    assert not any(PASSWORD in text for text in written)


def test_the_trace_id_of_the_settings_is_used(settings: Settings) -> None:
    given = settings.model_copy(update={"trace_id": "d" * 32})
    with telemetry_session(given, "seed", "TL-01") as telemetry:
        assert telemetry.trace_id == "d" * 32
