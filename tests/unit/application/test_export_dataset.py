import hashlib
import json
import math
from collections import Counter

import orjson
import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection, ProgressState
from day23.domain.errors import LockedError, ToolkitError
from day23.infrastructure.locks import exclusive_lock

DAY = "2025-11-16"


@pytest.fixture
def telemetry():
    return NullTelemetry(trace_id="a" * 32)


@pytest.fixture
def use_case(repository, export_files, telemetry, progress):
    return ExportDatasetUseCase(repository, export_files, telemetry, progress)


@pytest.fixture
def dataset_dir(tmp_path):
    return tmp_path / "benchmarks"


def everything_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_both_collections_are_exported_newest_first(use_case, dataset_dir):
    summary = use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    digests = lines_of(summary.folder / "digests.jsonl")
    assert summary.folder == dataset_dir / "exports" / DAY
    assert len(digests) == 60
    assert [record["timestamp"] for record in digests] == sorted(
        (record["timestamp"] for record in digests), reverse=True
    )
    assert Counter(record["channel"] for record in digests) == {"@onaboka": 30, "@ctorecords": 30}
    assert len(lines_of(summary.folder / "review_reports.jsonl")) == 60


def test_text_is_written_as_it_reads(use_case, dataset_dir):
    summary = use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    assert "Рубль укрепился".encode() in (summary.folder / "digests.jsonl").read_bytes()


def test_the_manifest_says_what_the_files_are(use_case, dataset_dir):
    summary = use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    manifest = json.loads(summary.manifest.read_bytes())
    entry = next(entry for entry in manifest["files"] if entry["name"] == "digests.jsonl")
    content = (summary.folder / "digests.jsonl").read_bytes()
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert (entry["bytes"], entry["documents"]) == (len(content), 60)
    assert entry["provenance"] == {"telegram": 60}
    assert entry["query"] == {
        "window": {"start": "2025-10-17T00:00:00Z", "end": "2025-11-16T00:00:00Z"},
        "channel": None,
        "language": None,
        "limit": None,
    }
    assert entry["schema"]["id"] == "urn:day23:digest_record:v1"
    validation = json.loads(summary.validation.read_bytes())
    assert [(file["records"], file["failed"]) for file in validation["files"]] == [(60, 0), (60, 0)]
    report = hashlib.sha256(summary.validation.read_bytes()).hexdigest()
    assert manifest["reports"] == [{"name": "schema_validation.json", "sha256": report}]


def test_two_exports_of_the_same_data_are_the_same_bytes(use_case, tmp_path):
    for name in ("first", "second"):
        use_case.execute(ExportRequest(ExportTarget.dated(tmp_path / name, DAY)))
    first, second = everything_in(tmp_path / "first"), everything_in(tmp_path / "second")
    assert first == second
    assert set(first) >= {f"exports/{DAY}/manifest.json", f"exports/{DAY}/schema_validation.json"}


def test_the_content_hash_ignores_what_was_measured(use_case, repository, tmp_path):
    def content_of(name):
        summary = use_case.execute(ExportRequest(ExportTarget.dated(tmp_path / name, DAY)))
        return {entry.name: (entry.sha256, entry.content_sha256) for entry in summary.files}

    before = content_of("before")
    for document in repository.documents[Collection.DIGESTS]:
        document["latency_seconds"] += 1
    after = content_of("after")
    assert before["digests.jsonl"][0] != after["digests.jsonl"][0]
    assert before["digests.jsonl"][1] == after["digests.jsonl"][1]


def test_latest_links_follow_the_export_and_are_relative(use_case, dataset_dir):
    for day in ("2025-11-15", DAY):
        use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, day)))
    link = dataset_dir / "benchmark_digest_ru_v1" / "latest.jsonl"
    assert str(link.readlink()) == f"../exports/{DAY}/digests.jsonl"
    assert (dataset_dir / "benchmark_review_ru_v1" / "latest.jsonl").resolve().is_file()


def test_hours_count_back_from_the_end_of_the_recorded_window_in_whole_days(use_case, dataset_dir):
    request = ExportRequest(ExportTarget.dated(dataset_dir, DAY), hours=25)
    summary = use_case.execute(request)
    assert summary.window is not None
    assert f"{summary.window.start:%d}..{summary.window.end:%d}" == "14..16"
    assert [entry.documents for entry in summary.files] == [4, 4]


def test_without_a_recorded_window_hours_count_back_from_the_newest_document(
    use_case, repository, dataset_dir
):
    repository.recorded = None
    summary = use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY), hours=24))
    assert [entry.documents for entry in summary.files] == [2, 2]
    assert use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY))).documents == 120


def test_channel_language_and_limit_narrow_the_export(use_case, dataset_dir):
    request = ExportRequest(
        ExportTarget.dated(dataset_dir, DAY), channel="ctorecords", language="ru", limit=7
    )
    summary = use_case.execute(request)
    digests = lines_of(summary.folder / "digests.jsonl")
    assert {record["channel"] for record in digests} == {"@ctorecords"}
    assert len(digests) == 7
    assert summary.files[0].query.channel == "@ctorecords"


def test_a_bare_file_has_its_manifest_beside_it_and_moves_no_link(use_case, dataset_dir, tmp_path):
    output = tmp_path / "elsewhere" / "mine.jsonl"
    target = ExportTarget.of_file(output, dataset_dir, Collection.DIGESTS)
    summary = use_case.execute(ExportRequest(target, (Collection.DIGESTS,), output=output))
    assert summary.manifest == output.with_name("mine.jsonl.manifest.json")
    assert len(lines_of(output)) == 60
    assert not dataset_dir.exists()


def test_single_files_written_into_a_dated_export_share_its_manifest(use_case, dataset_dir):
    folder = dataset_dir / "exports" / DAY
    for collection, name in (
        (Collection.DIGESTS, "digests.jsonl"),
        (Collection.REVIEW_REPORTS, "review_reports.jsonl"),
    ):
        target = ExportTarget.of_file(folder / name, dataset_dir, collection)
        use_case.execute(ExportRequest(target, (collection,), output=folder / name))
    apart = everything_in(dataset_dir)
    use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    assert everything_in(dataset_dir) == apart


def test_a_changed_neighbour_is_not_vouched_for(use_case, dataset_dir):
    use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    folder = dataset_dir / "exports" / DAY
    (folder / "review_reports.jsonl").write_text("tampered\n")
    summary = use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY), (Collection.DIGESTS,)))
    names = [entry["name"] for entry in json.loads(summary.manifest.read_bytes())["files"]]
    assert names == ["digests.jsonl"]


def test_nothing_found_says_what_there_is(use_case, dataset_dir):
    request = ExportRequest(ExportTarget.dated(dataset_dir, DAY), channel="habr", language="ru")
    with pytest.raises(ToolkitError) as caught:
        use_case.execute(request)
    told = str(caught.value)
    assert told.startswith("No digests found for the specified filters")
    assert "stored: 60 digests" in told
    assert "recorded window: 2025-10-17 .. 2025-11-15" in told
    assert "@habr" in told
    assert not (dataset_dir / "exports" / DAY / "digests.jsonl").exists()


def test_nothing_found_in_an_empty_database_says_that_no_seed_has_finished(use_case, repository, dataset_dir):
    repository.documents[Collection.DIGESTS].clear()
    repository.recorded = None
    for hours in (None, 24):
        with pytest.raises(ToolkitError, match="stored: 0 digests; recorded window: none"):
            use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY), hours=hours))


@pytest.mark.parametrize("latency", [math.nan, -1, "slow"])
def test_a_record_that_breaks_its_schema_stops_the_export_and_is_named(
    use_case, repository, dataset_dir, latency
):
    use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    before = everything_in(dataset_dir)
    broken = repository.documents[Collection.DIGESTS][3]
    broken["latency_seconds"] = latency
    with pytest.raises(ToolkitError) as caught:
        use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    assert broken["digest_id"] in str(caught.value)
    assert "latency_seconds" in str(caught.value)
    after = everything_in(dataset_dir)
    report = orjson.loads(after.pop(f"exports/{DAY}/failed.schema_validation.json"))
    assert after == before
    assert [(file["name"], file["failed"]) for file in report["files"]] == [
        ("digests.jsonl", 1),
        ("review_reports.jsonl", 0),
    ]


def test_a_repaired_document_takes_the_report_of_failures_away(use_case, repository, dataset_dir):
    document = repository.documents[Collection.DIGESTS][0]
    document["latency_seconds"] = 0
    with pytest.raises(ToolkitError):
        use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    document["latency_seconds"] = 1.0
    use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    assert not (dataset_dir / "exports" / DAY / "failed.schema_validation.json").exists()


def test_a_database_that_goes_away_leaves_the_earlier_export_as_it_was(use_case, repository, dataset_dir):
    use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    before = everything_in(dataset_dir)
    find = repository.find

    def breaking(collection, query):
        yield from list(find(collection, query))[:5]
        raise ToolkitError("MongoDB does not answer")

    repository.find = breaking
    with pytest.raises(ToolkitError, match="does not answer"):
        use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    assert everything_in(dataset_dir) == before


def test_a_second_export_into_the_same_dataset_is_refused_at_once(use_case, dataset_dir):
    target = ExportTarget.dated(dataset_dir, DAY)
    with exclusive_lock(target.lock, "test"), pytest.raises(LockedError, match="pid"):
        use_case.execute(ExportRequest(target))


def test_a_long_export_shows_how_far_it_is(repository, use_case, progress, dataset_dir):
    repository.documents[Collection.DIGESTS] *= 2
    use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY), (Collection.DIGESTS,)))
    assert progress.reports == [("digests", ProgressState.RUNNING), ("digests", ProgressState.DONE)]


def test_the_run_is_measured_logged_and_shown(use_case, telemetry, progress, dataset_dir):
    use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY)))
    exporters = [
        labels["exporter"]
        for name, _, labels in telemetry.measurements
        if name == "benchmark_export_duration_seconds"
    ]
    assert exporters == ["digests", "review_reports"]
    assert [
        fields["documents"] for _, event, fields in telemetry.lines if event == "collection exported"
    ] == [
        60,
        60,
    ]
    assert ("digests", ProgressState.DONE) in progress.reports
