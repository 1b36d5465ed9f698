"""Bad inputs through parser, validator, importer, exporter: no traceback, nothing by half, counts add up.

A slice runs with every test; `make bad-inputs` tries 20,000 and more.
"""

import importlib.util
import json
import os
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import bson
import pytest
from bad_inputs import json_values, spoilt, values
from bson.codec_options import CodecOptions, DatetimeConversion
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from day23.application.export_store import ExportFormat, ExportPart, ExportTarget
from day23.application.ports import Collection
from day23.domain.benchmark_dataset import missing_fields, violations
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import ExportedQuery
from day23.domain.window import Window
from day23.infrastructure.mongo.benchmark_repository import MongoBenchmarkRepository
from day23.infrastructure.telegram.desktop_export import DesktopExports
from day23.wiring.exports import export_files

_SAMPLES = Path(__file__).parents[1] / "unit" / "conftest.py"
_spec = importlib.util.spec_from_file_location("sound_documents", _SAMPLES)
assert _spec
assert _spec.loader
sound = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sound)

pytestmark = [pytest.mark.timeout(3600), pytest.mark.xdist_group("faults")]

CASES = int(os.environ.get("DAY23_BAD_INPUTS", "1000"))
PER_EXAMPLE = 20
WINDOW = Window.ending_with(datetime(2025, 11, 15, 12, tzinfo=UTC), 30)
CODEC = CodecOptions(tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO)
DOCUMENTS = {Collection.DIGESTS: sound.digest(), Collection.REVIEW_REPORTS: sound.report()}
MESSAGE = {
    "id": 1,
    "type": "message",
    "date": "2025-11-15T10:00:00",
    "date_unixtime": "1763200800",
    "from": "Канал",
    "text": [{"type": "bold", "text": "Рубль"}, " укрепился."],
    "text_entities": [{"type": "plain", "text": "Рубль укрепился."}],
}
quick = settings(
    max_examples=max(1, CASES // (3 * PER_EXAMPLE)),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # shrinking documents of this size takes minutes
    suppress_health_check=list(HealthCheck),
)


tried: Counter[str] = Counter()
"""Inputs by the door they went through; Hypothesis may give up before the number it was asked for."""


def batches(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, min_size=PER_EXAMPLE, max_size=PER_EXAMPLE)


spoilt_documents = {name: batches(spoilt(document, values)) for name, document in DOCUMENTS.items()}


@quick
@given(messages=batches(spoilt(MESSAGE, json_values) | json_values), cut=st.integers(0, 60))
def test_the_parser_counts_every_message_or_refuses_the_file(tmp_path_factory, messages, cut):
    """Every tenth file is torn, and every file has a key twice."""
    tried["parser"] += len(messages)
    source = tmp_path_factory.mktemp("source")
    (source / "onaboka").mkdir()
    text = '{"name": "Канал", "name": "Канал", "type": "public_channel", "id": 1, "messages": %s}'
    content = (text % json.dumps(messages)).encode()
    (source / "onaboka" / "result.json").write_bytes(content[:-cut] if 0 < cut < 7 else content)
    try:
        counts = asdict(DesktopExports(source, {}).read("onaboka", WINDOW).counts)
    except ToolkitError:
        return
    assert counts.pop("read") == sum(counts.values())


@quick
@given(
    batch=st.sampled_from(list(Collection)).flatmap(
        lambda name: st.tuples(st.just(name), spoilt_documents[name])
    )
)
def test_the_importer_stores_the_sound_and_counts_the_others(mongodb_url, batch):
    collection, documents = batch
    tried["importer"] += len(documents)
    with MongoClient(mongodb_url, tz_aware=True) as client:
        client.drop_database("bad_inputs")
        repository = MongoBenchmarkRepository(client, "bad_inputs")
        tally = Counter(read=len(documents), written=0, unchanged=0, rejected=0)
        for number, document in enumerate(documents):
            violations(document, collection)
            keyed = document | {"_id": f"{number:064x}"}
            if missing_fields(keyed, collection, WINDOW):
                tally["rejected"] += 1
                continue
            try:
                written = repository.insert_missing(collection, [keyed])
            except ToolkitError:
                tally["rejected"] += 1
            else:
                tally["written"] += written
                tally["unchanged"] += 1 - written
        stored = client["bad_inputs"][collection].count_documents({})
    assert tally["read"] == tally["written"] + tally["unchanged"] + tally["rejected"]
    assert stored == tally["written"]


@quick
@given(
    batch=st.sampled_from(list(Collection)).flatmap(
        lambda name: st.tuples(st.just(name), spoilt_documents[name])
    )
)
def test_the_exporter_writes_the_valid_and_names_the_others(tmp_path_factory, batch):
    collection, documents = batch
    tried["exporter"] += len(documents)
    stored = [decoded for document in documents if (decoded := through_bson(document)) is not None]
    folder = tmp_path_factory.mktemp("export")
    target = ExportTarget.dated(folder, "2025-11-15")
    part = ExportPart(collection, "data.jsonl", ExportedQuery())
    extended = ExportPart(collection, "data.extended.jsonl", ExportedQuery(), format=ExportFormat.EXTENDED)
    try:
        with export_files().open(target) as bundle:
            written = [entry.documents for entry in bundle.add([part, extended], lambda _: iter(stored))]
            bundle.commit()
    except ToolkitError:
        report = json.loads((target.folder / "failed.schema_validation.json").read_bytes())["files"][0]
        assert (report["records"], report["failed"]) == (len(stored), len(stored) - written[0])
        assert not (target.folder / "manifest.json").exists()
        assert not list(target.folder.glob("*.jsonl"))
    else:
        assert written == [len(stored)] * 2
    assert written[1] == len(stored)


def test_as_many_inputs_as_asked_for_went_through_every_door():
    if not tried:
        pytest.skip("runs after the tests above, in one process")
    print("bad inputs:", dict(tried))
    assert all(count >= CASES // 3 - PER_EXAMPLE for count in tried.values())


def through_bson(document):
    """Return the document as MongoDB would give it back, None where it cannot hold it."""
    try:
        return bson.decode(bson.encode(document), CODEC)
    except (bson.errors.BSONError, OverflowError, UnicodeError, ValueError, TypeError, RecursionError):
        return None


@pytest.mark.parametrize("collection", list(Collection))
def test_a_document_of_17_megabytes_is_refused_by_name(mongodb_url, collection):
    document = DOCUMENTS[collection] | {"summary_markdown": "Я" * 8_500_000, "padding": "x" * 100}
    with MongoClient(mongodb_url, tz_aware=True) as client:
        repository = MongoBenchmarkRepository(client, "bad_inputs_large")
        with pytest.raises(ToolkitError):
            repository.insert_missing(collection, [document])
        assert client["bad_inputs_large"][collection].count_documents({}) == 0
        client.drop_database("bad_inputs_large")


def test_a_message_of_17_megabytes_is_counted_or_refused(tmp_path):
    (tmp_path / "onaboka").mkdir()
    large = MESSAGE | {"text": "Я" * 8_500_000, "text_entities": []}
    content = {"name": "К", "type": "public_channel", "id": 1, "messages": [MESSAGE, large | {"id": 2}]}
    (tmp_path / "onaboka" / "result.json").write_text(json.dumps(content, ensure_ascii=False))
    counts = asdict(DesktopExports(tmp_path, {}, skip_bad=True).read("onaboka", WINDOW).counts)
    assert counts.pop("read") == sum(counts.values())
