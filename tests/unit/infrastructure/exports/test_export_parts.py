"""Parts, compression and resuming, through the use case."""

import gzip
import json
import tracemalloc

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import Compression, ExportFormat, ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection
from day23.application.verify_exports import VerifyExportersUseCase

DAY = "2025-11-16"


@pytest.fixture
def export(repository, export_files, progress):
    def exported(folder, **changes):
        use_case = ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)
        return use_case.execute(ExportRequest(ExportTarget.dated(folder, DAY), **changes))

    return exported


@pytest.fixture
def verify(export_files):
    return VerifyExportersUseCase(export_files, NullTelemetry())


def files_of(summary):
    return {entry.name: (summary.folder / entry.name).read_bytes() for entry in summary.files}


def test_parts_together_are_the_whole(export, verify, tmp_path):
    whole = files_of(export(tmp_path / "whole"))
    parts = export(tmp_path / "parts", part_documents=25)
    names = [entry.name for entry in parts.files if entry.exporter == "digests"]
    assert names == ["digests-00001.jsonl", "digests-00002.jsonl", "digests-00003.jsonl"]
    assert b"".join(files_of(parts)[name] for name in names) == whole["digests.jsonl"]
    assert len(verify.folder(parts.folder).files) == 6
    link = tmp_path / "parts" / "benchmark_digest_ru_v1" / "latest.jsonl"
    assert link.resolve().name == "digests-00001.jsonl"


@pytest.mark.parametrize("limit", [1, 25, 30, 60, 100])
def test_a_limit_is_kept_across_parts(export, tmp_path, limit):
    assert export(tmp_path, part_documents=25, limit=limit).documents == 2 * min(limit, 60)


def test_processes_change_nothing_but_the_time(export, tmp_path):
    one = files_of(export(tmp_path / "one", part_documents=10))
    assert files_of(export(tmp_path / "three", part_documents=10, processes=3)) == one


def test_fewer_parts_leave_none_of_the_earlier_ones(export, verify, tmp_path):
    export(tmp_path, part_documents=10)
    summary = export(tmp_path)
    assert sorted(path.name for path in summary.folder.glob("*.jsonl")) == [
        "digests.jsonl",
        "review_reports.jsonl",
    ]
    verify.folder(summary.folder)


def test_gzip_is_reproducible_and_verified(export, verify, tmp_path):
    plain = files_of(export(tmp_path / "plain"))["digests.jsonl"]
    first = export(tmp_path / "first", compression=Compression.GZIP)
    second = export(tmp_path / "second", compression=Compression.GZIP)
    assert files_of(first) == files_of(second)
    assert gzip.decompress(files_of(first)["digests.jsonl.gz"]) == plain
    verify.folder(first.folder)


def test_extended_json_has_no_schema_and_moves_no_link(export, verify, tmp_path):
    summary = export(tmp_path, format=ExportFormat.EXTENDED)
    first = json.loads((summary.folder / "digests.extended.jsonl").read_bytes().splitlines()[0])
    assert first["created_at"] == {"$date": "2025-11-15T12:00:00Z"}
    assert [entry.record_schema for entry in summary.files] == [None, None]
    assert not (tmp_path / "benchmark_digest_ru_v1").exists()
    verify.folder(summary.folder)


def test_a_killed_export_goes_on_after_its_last_whole_part(
    export, repository, export_files, tmp_path, monkeypatch
):
    whole = files_of(export(tmp_path / "whole", part_documents=10, collections=(Collection.DIGESTS,)))
    target = ExportTarget.dated(tmp_path / "killed", DAY)
    work = target.folder / ".manifest.json.unfinished"
    find, asked = repository.find, []

    def dying(collection, query):
        asked.append(query)
        if len(asked) == 4:
            raise SystemExit
        yield from find(collection, query)

    monkeypatch.setattr("day23.infrastructure.exports.part_files.PartFiles.clear", lambda _: None)
    monkeypatch.setattr(repository, "find", dying)
    with pytest.raises(SystemExit):
        export(tmp_path / "killed", part_documents=10, collections=(Collection.DIGESTS,))
    monkeypatch.undo()
    assert len(list(work.glob("*.tally.json"))) == 2

    asked.clear()
    monkeypatch.setattr(repository, "find", lambda *given: asked.append(given) or find(*given))
    summary = export(tmp_path / "killed", part_documents=10, collections=(Collection.DIGESTS,))
    assert len(asked) == 1 + 4  # where the parts begin, and the four parts that were missing
    assert files_of(summary) == whole
    assert not work.exists()


def test_since_starts_at_a_day(export, tmp_path):
    from datetime import date

    summary = export(tmp_path, since=date(2025, 11, 10))
    assert [entry.documents for entry in summary.files] == [12, 12]


@pytest.mark.parametrize("form", list(ExportFormat))
def test_an_export_holds_a_few_documents_at_a_time(export, repository, tmp_path, monkeypatch, form):
    find, large = repository.find, 250_000

    def fattened(collection, query):
        return (document | {"summary_markdown": "Я" * large} for document in find(collection, query))

    monkeypatch.setattr(repository, "find", fattened)
    monkeypatch.setattr(repository, "positions", lambda *_: [])
    tracemalloc.start()
    try:
        export(tmp_path, format=form, collections=(Collection.DIGESTS,))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "exports" / DAY / "manifest.json").is_file()
    assert peak < 60 * 2 * large / 2
