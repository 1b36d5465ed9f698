import hashlib

import pytest

from day23.application.export_store import ExportPart, ExportTarget
from day23.application.ports import Collection
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import ExportedQuery

PART = ExportPart(Collection.DIGESTS, "digests.jsonl", ExportedQuery())


def test_records_are_refused_in_the_end_when_the_bytes_are_not_the_expected_ones(
    export_files, make_digest, tmp_path
):
    target = ExportTarget.dated(tmp_path, "2025-11-16")
    with export_files.open(target) as bundle:
        (entry,) = bundle.add([PART], lambda _: [make_digest()])
        bundle.commit()
    path = target.folder / "digests.jsonl"
    assert len(list(export_files.records(path, entry.sha256))) == 1
    with pytest.raises(ToolkitError, match="changed while it was read"):
        list(export_files.records(path, hashlib.sha256(b"").hexdigest()))


@pytest.mark.parametrize("line", ["{", "[]", "null", "\x00", '"text"'])
def test_a_line_that_is_no_record_is_named(export_files, make_digest, tmp_path, line):
    with export_files.open(ExportTarget.dated(tmp_path, "2025-11-16")) as bundle:
        (entry,) = bundle.add([PART], lambda _: [make_digest()])
    path = tmp_path / "digests.jsonl"
    path.write_text("{}\n" + line + "\n")
    with pytest.raises(ToolkitError, match=r"digests\.jsonl:2"):
        export_files.inspect(path, entry)


def test_at_most_a_hundred_failures_are_listed_and_all_are_counted(export_files, make_digest, tmp_path):
    broken = make_digest(latency_seconds=0)
    target = ExportTarget.dated(tmp_path, "2025-11-16")
    with export_files.open(target) as bundle:
        list(bundle.add([PART], lambda _: [broken] * 250))
        with pytest.raises(ToolkitError, match="250 records break"):
            bundle.commit()
    report = (target.folder / "failed.schema_validation.json").read_text()
    assert report.count('"field": "latency_seconds"') == 100


def test_an_exception_drops_everything(export_files, make_digest, tmp_path):
    target = ExportTarget.dated(tmp_path, "2025-11-16")

    def interrupted():
        with export_files.open(target) as bundle:
            list(bundle.add([PART], lambda _: [make_digest()]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(target.folder.iterdir())


def test_a_file_name_with_wildcards_only_cleans_up_after_itself(export_files, make_digest, tmp_path):
    other = tmp_path / ".aaa.jsonl.x.tmp"
    other.touch()
    target = ExportTarget.beside(tmp_path / "[a]*.jsonl")
    mine = tmp_path / ".[a]*.jsonl.killed.tmp"
    mine.touch()
    with export_files.open(target) as bundle:
        part = ExportPart(Collection.DIGESTS, "[a]*.jsonl", ExportedQuery())
        list(bundle.add([part], lambda _: [make_digest()]))
        bundle.commit()
    assert other.exists()
    assert not mine.exists()
