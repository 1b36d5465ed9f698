import json

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.domain.errors import ToolkitError
from day23.presentation.modules import verify_export
from day23.presentation.progress_view import SilentView, TerminalProgress


@pytest.fixture
def params(tmp_path, request):
    return {
        "stack": {
            "root": str(tmp_path / "stack"),
            "engine": "process",
            "repository": str(request.config.rootpath),
            "trace_id": None,
        },
        "folder": None,
        "dataset_dir": str(tmp_path / "benchmarks"),
        "evidence_dir": str(tmp_path / "evidence"),
    }


@pytest.fixture
def exported(repository, export_files, tmp_path):
    progress = TerminalProgress(SilentView(), "export")
    use_case = ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)
    for day in ("2025-11-14", "2025-11-15"):
        use_case.execute(ExportRequest(target=ExportTarget.dated(tmp_path / "benchmarks", day)))
    return tmp_path / "benchmarks" / "exports"


def test_the_newest_export_is_accepted_and_told(params, exported, tmp_path):
    result = verify_export.handle(params, False)
    assert result["folder"] == str(exported / "2025-11-15")
    assert [entry["documents"] for entry in result["summary"]["files"]] == [60, 60]
    assert json.loads((tmp_path / "evidence" / "verify_export.json").read_bytes()) == result["summary"]


def test_a_tampered_export_is_refused_by_name(params, exported):
    damaged = exported / "2025-11-14" / "digests.jsonl"
    damaged.write_bytes(damaged.read_bytes().replace(b"a", b"b", 1))
    with pytest.raises(ToolkitError, match=r"digests\.jsonl: SHA-256"):
        verify_export.handle(params | {"folder": str(exported / "2025-11-14")}, False)


def test_an_export_without_its_manifest_is_none(params, exported):
    for manifest in exported.glob("*/manifest.json"):
        manifest.unlink()
    with pytest.raises(ToolkitError, match="there is no complete export"):
        verify_export.handle(params, False)


def test_check_mode_reads_nothing(params):
    assert verify_export.handle(params, True) == {"changed": False}
