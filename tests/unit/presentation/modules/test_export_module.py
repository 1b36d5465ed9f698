import json
from contextlib import contextmanager

import pytest

from day23.application.export_dataset import ExportDatasetUseCase
from day23.application.null_telemetry import NullTelemetry
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.errors import ToolkitError
from day23.presentation.modules import export
from day23.wiring.exports import ExportTools


@pytest.fixture
def params(tmp_path, request):
    return {
        "stack": {
            "root": str(tmp_path / "stack"),
            "engine": "process",
            "repository": str(request.config.rootpath),
            "trace_id": None,
        },
        "dataset_dir": str(tmp_path / "benchmarks"),
        "evidence_dir": str(tmp_path / "evidence"),
        "hours": None,
        "channel": None,
        "language": None,
        "limit": 0,
    }


@pytest.fixture
def in_memory(monkeypatch, repository, export_files):
    @contextmanager
    def tools(settings, progress, checkout):
        telemetry = NullTelemetry()
        yield ExportTools(
            ExportDatasetUseCase(repository, export_files, telemetry, progress),
            VerifyExportersUseCase(export_files, telemetry),
        )

    monkeypatch.setattr(export, "export_tools", tools)


def test_a_second_export_of_the_same_data_changes_nothing(params, in_memory, repository, tmp_path):
    first, second = export.handle(params, False), export.handle(params, False)
    assert (first["changed"], second["changed"]) == (True, False)
    assert [entry["documents"] for entry in first["summary"]["files"]] == [60, 60]
    assert json.loads((tmp_path / "evidence" / "export.json").read_bytes())["files"]
    del next(iter(repository.documents.values()))[0]
    assert export.handle(params, False)["changed"] is True


def test_check_mode_tells_where_the_export_would_go(params, tmp_path):
    result = export.handle(params, True)
    assert result["manifest"].startswith(str(tmp_path / "benchmarks" / "exports"))
    assert not list(tmp_path.iterdir())


def test_a_stack_that_is_not_up_is_told_whatever_the_shell_has_exported(params, monkeypatch):
    monkeypatch.setenv("MONGODB_URL", "mongodb://127.0.0.1:1/")
    with pytest.raises(ToolkitError, match="the stack is not up: nothing is known of mongodb"):
        export.handle(params, False)
