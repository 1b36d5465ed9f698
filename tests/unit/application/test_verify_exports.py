import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.errors import ToolkitError
from day23.infrastructure.exports.export_files import ExportFiles
from day23.infrastructure.exports.record_schema import load_schemas


@pytest.fixture
def exporter(repository, export_files, progress):
    return ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)


@pytest.fixture
def verify(export_files):
    return VerifyExportersUseCase(export_files, NullTelemetry())


@pytest.fixture
def folder(exporter, tmp_path):
    return exporter.execute(ExportRequest(ExportTarget.dated(tmp_path, "2025-11-16"))).folder


def test_a_complete_export_is_accepted(verify, folder):
    manifest = verify.folder(folder)
    assert [entry.documents for entry in manifest.files] == [60, 60]
    assert verify.file(folder / "digests.jsonl").exporter == "digests"


def test_a_link_leads_to_the_manifest_of_what_it_points_to(verify, folder):
    assert verify.file(folder.parents[1] / "benchmark_review_ru_v1" / "latest.jsonl").documents == 60


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), name=st.sampled_from(["digests.jsonl", "review_reports.jsonl"]))
def test_one_changed_byte_anywhere_is_found(verify, folder, place, name):
    path = folder / name
    original = path.read_bytes()
    changed = bytearray(original)
    changed[place % len(changed)] ^= 1
    path.write_bytes(changed)
    try:
        with pytest.raises(ToolkitError, match="the export is refused"):
            verify.folder(folder)
    finally:
        path.write_bytes(original)


@pytest.mark.parametrize("name", ["digests.jsonl", "schema_validation.json", "manifest.json"])
def test_a_missing_file_is_found(verify, folder, name):
    (folder / name).unlink()
    with pytest.raises(ToolkitError, match=name):
        verify.folder(folder)


def test_a_torn_file_is_found(verify, folder):
    path = folder / "digests.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ToolkitError, match=r"digests\.jsonl:60|digests\.jsonl: "):
        verify.file(path)


def test_a_changed_report_is_found(verify, folder):
    path = folder / "schema_validation.json"
    path.write_text(path.read_text().replace('"failed": 0', '"failed": 1'))
    with pytest.raises(ToolkitError, match=r"schema_validation\.json is missing or was changed"):
        verify.folder(folder)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"tool_version": "1", "files": [{}]}'])
def test_what_is_no_manifest_is_told_with_the_wrong_field(verify, folder, content):
    (folder / "manifest.json").write_text(content)
    with pytest.raises(ToolkitError, match="the manifest is not one"):
        verify.folder(folder)


def test_a_manifest_that_names_a_file_elsewhere_is_refused(verify, folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"digests.jsonl"', '"../digests.jsonl"'))
    with pytest.raises(ToolkitError, match=r"files\.0\.name"):
        verify.folder(folder)


def test_an_export_of_one_collection_is_not_the_whole(exporter, verify, tmp_path):
    target = ExportTarget.dated(tmp_path, "2025-11-16")
    exporter.execute(ExportRequest(target, (Collection.DIGESTS,)))
    with pytest.raises(ToolkitError, match="review_reports was not exported"):
        verify.folder(target.folder)
    assert verify.folder(target.folder, (Collection.DIGESTS,)).files


def test_a_file_without_manifest_is_not_a_dataset(verify, tmp_path):
    (tmp_path / "mine.jsonl").write_text("{}\n")
    with pytest.raises(ToolkitError, match="no manifest"):
        verify.file(tmp_path / "mine.jsonl")
    with pytest.raises(ToolkitError, match="no such dataset file"):
        verify.file(tmp_path / "other.jsonl")


def test_a_neighbour_that_the_manifest_does_not_list_is_refused(verify, folder):
    (folder / "extra.jsonl").write_text("{}\n")
    with pytest.raises(ToolkitError, match=r"extra\.jsonl is not listed"):
        verify.file(folder / "extra.jsonl")


def test_a_schema_that_has_moved_on_is_drift(folder, tmp_path, request):
    schemas = tmp_path / "schemas"
    schemas.mkdir()
    for path in (request.config.rootpath / "config" / "schemas").glob("*_record.schema.json"):
        schema = json.loads(path.read_bytes())
        schema["properties"]["reviewer"] = {"type": "string"}
        schema["required"].append("reviewer")
        (schemas / path.name).write_text(json.dumps(schema))
    newer = VerifyExportersUseCase(ExportFiles(load_schemas(schemas), "0.0.test"), NullTelemetry())
    with pytest.raises(ToolkitError) as caught:
        newer.folder(folder)
    assert "validated against another version of urn:day23:digest_record:v1" in str(caught.value)
    assert "60 records break urn:day23:digest_record:v1" in str(caught.value)
