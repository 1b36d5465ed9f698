"""The pilot's log says what ran, and leaves signing to people."""

import json

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.command import exit_code_of
from day23.presentation.cli.pilot_log import pilot_log
from day23.presentation.cli.run_benchmark import run_benchmark


@pytest.fixture
def results(repository, export_files, progress, tmp_path, monkeypatch):
    """Dry runs of both scenarios, and the same as live ones."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAY23_STACK_ROOT", str(tmp_path / "stack"))
    monkeypatch.setenv("BENCHMARK_DATASET_DIR", str(tmp_path / "benchmarks"))
    target = ExportTarget.dated(tmp_path / "benchmarks", "2025-11-16")
    ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress).execute(ExportRequest(target))
    for scenario in ("channel_digest_ru", "review_summary_ru"):
        exit_code_of(run_benchmark, ["--scenario", scenario, "--dry-run"])
        folder = tmp_path / "benchmarks" / "results" / scenario
        (path,) = folder.glob("*-dry-*.json")
        live = json.loads(path.read_bytes())
        live["metadata"]["mode"] = "live"
        (folder / path.name.replace("-dry-", "-live-")).write_text(json.dumps(live))
    return tmp_path / "benchmarks" / "results"


def written(tmp_path):
    assert exit_code_of(pilot_log, ["--output", str(tmp_path / "log.md")]) == ExitCode.DONE
    return (tmp_path / "log.md").read_text(encoding="utf-8")


def test_the_log_holds_figures_samples_to_read_and_empty_approvals(results, tmp_path):
    log = written(tmp_path)
    assert "## channel_digest_ru: dry" in log
    assert "## review_summary_ru: dry" in log
    assert "| coverage | 0.900 | 0.900 |" in log
    assert log.count("\n| @") == 10
    assert "| ML lead | | | |" in log


def test_runs_on_different_data_are_no_pilot(results, tmp_path, capsys):
    (path,) = (results / "channel_digest_ru").glob("*-live-*.json")
    live = json.loads(path.read_bytes())
    live["metadata"]["dataset"]["sha256"] = "0" * 64
    path.write_text(json.dumps(live))
    assert exit_code_of(pilot_log, ["--output", str(tmp_path / "log.md")]) == ExitCode.ERROR
    assert "different data" in capsys.readouterr().err


def test_without_a_live_run_there_is_no_log(results, tmp_path, capsys):
    (path,) = (results / "review_summary_ru").glob("*-live-*.json")
    path.unlink()
    assert exit_code_of(pilot_log, ["--output", str(tmp_path / "log.md")]) == ExitCode.ERROR
    assert "no earlier live run" in capsys.readouterr().err
