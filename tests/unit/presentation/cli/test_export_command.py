import json
from contextlib import contextmanager

import pytest

from day23.application.export_dataset import ExportDatasetUseCase
from day23.application.null_telemetry import NullTelemetry
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli import export_run
from day23.presentation.cli.command import exit_code_of
from day23.presentation.cli.export_command import export_digests, export_review_reports
from day23.wiring.exports import ExportTools


@pytest.fixture(autouse=True)
def used_settings(monkeypatch, repository, export_files, tmp_path):
    monkeypatch.setenv("BENCHMARK_DATASET_DIR", str(tmp_path / "benchmarks"))
    seen = []

    @contextmanager
    def tools(settings, progress):
        seen.append(settings)
        telemetry = NullTelemetry()
        yield ExportTools(
            ExportDatasetUseCase(repository, export_files, telemetry, progress),
            VerifyExportersUseCase(export_files, telemetry),
        )

    monkeypatch.setattr(export_run, "export_tools", tools)
    return seen


def documents_in(path):
    return len(path.read_bytes().splitlines())


def test_only_an_output_exports_everything_recorded(tmp_path, capsys):
    output = tmp_path / "tmp" / "digests.jsonl"
    assert exit_code_of(export_digests, ["--output", str(output)]) == ExitCode.DONE
    assert documents_in(output) == 60
    shown = capsys.readouterr().out
    assert f"Exported 60 digest samples to {output}" in shown
    assert "60 telegram" in shown


def test_without_an_output_the_dated_export_is_written(tmp_path, capsys):
    assert exit_code_of(export_review_reports, []) == ExitCode.DONE
    assert "Exported 60 review reports" in capsys.readouterr().out
    assert (tmp_path / "benchmarks" / "benchmark_review_ru_v1" / "latest.jsonl").is_file()


def test_json_is_one_document(tmp_path, capsys):
    assert exit_code_of(export_digests, ["--json", "--limit", "5"]) == ExitCode.DONE
    summary = json.loads(capsys.readouterr().out)
    assert summary["files"][0]["documents"] == 5
    assert summary["files"][0]["schema"]["id"] == "urn:day23:digest_record:v1"


@pytest.mark.parametrize("language", ["any", "all"])
def test_any_language_is_no_filter(repository, tmp_path, language):
    for document in next(iter(repository.documents.values()))[:10]:
        document["language"] = "en"
    narrow, wide = tmp_path / "ru.jsonl", tmp_path / "any.jsonl"
    exit_code_of(export_digests, ["--output", str(narrow)])
    exit_code_of(export_digests, ["--output", str(wide), "--language", language])
    assert (documents_in(narrow), documents_in(wide)) == (50, 60)


@pytest.mark.parametrize("flag", ["--mongo", "--mongodb-url"])
def test_flags_stand_above_the_environment(used_settings, monkeypatch, tmp_path, flag):
    monkeypatch.setenv("MONGODB_URL", "mongodb://environment/")
    exit_code_of(
        export_digests,
        [
            flag,
            "mongodb://flag/",
            "--database",
            "other",
            "--stack-root",
            str(tmp_path),
            "--trace-id",
            "f" * 32,
        ],
    )
    settings = used_settings[0]
    assert (settings.mongodb_url, settings.db_name) == ("mongodb://flag/", "other")
    assert (settings.stack_root, settings.trace_id) == (tmp_path, "f" * 32)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--limit", "-1"], 64), (["--hours", "0"], 64), (["--trace-id", "x"], 64), (["--channel", "a b"], 1)],
)
def test_wrong_arguments_have_their_exit_codes(arguments, code):
    assert exit_code_of(export_digests, arguments) == code


def test_nothing_found_leaves_with_1(capsys):
    assert exit_code_of(export_digests, ["--channel", "habr"]) == ExitCode.ERROR
    assert "error: No digests found" in capsys.readouterr().err
