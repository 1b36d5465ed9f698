import math
from datetime import date

import pytest

from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.errors import ToolkitError
from day23.domain.export_record import digest_record
from day23.domain.scenario import SampleFields


@pytest.fixture
def record(make_digest):
    return digest_record(make_digest())


def sample_of(record):
    return BenchmarkSample.from_record(record, SampleFields(), 7)


def test_a_sample_takes_its_parts_from_the_exported_line(record):
    sample = sample_of(record)
    assert (sample.sample_id, sample.channel, sample.line) == ("@onaboka-20251115-1", "@onaboka", 7)
    assert sample.day == date(2025, 11, 15)
    assert sample.stored_values() == {
        "coverage": 0.9,
        "accuracy": 0.92,
        "coherence": 0.91,
        "informativeness": 0.9,
        "latency_seconds": 0.25,
    }


def test_the_day_is_that_of_utc(record):
    assert sample_of(record | {"timestamp": "2025-11-15T01:00:00+03:00"}).day == date(2025, 11, 14)


def test_fields_may_stand_elsewhere(record):
    moved = {"id": "1", "text": {"source": "Источник.", "digest": "Итог."}}
    fields = SampleFields(sample_id="id", source="text.source", summary="text.digest")
    sample = BenchmarkSample.from_record(record | moved, fields, 1)
    assert (sample.sample_id, sample.source, sample.summary) == ("1", "Источник.", "Итог.")


@pytest.mark.parametrize("name", ["sample_id", "source_text", "summary_markdown"])
@pytest.mark.parametrize("value", [None, "", "  ", 7])
def test_a_line_without_id_source_or_summary_is_no_sample(record, name, value):
    with pytest.raises(ToolkitError, match=rf"no {name} \(line 7\)"):
        sample_of(record | {name: value})


@pytest.mark.parametrize("value", [None, "0.9", True, math.nan, math.inf])
def test_a_stored_latency_that_is_no_number_is_never_replaced(record, value):
    with pytest.raises(ToolkitError, match="@onaboka-20251115-1 stores no usable latency_seconds"):
        sample_of(record | {"latency_seconds": value}).stored_values()


@pytest.mark.parametrize("truth", [{}, {"llm_judge": {}}, {"llm_judge": {"scores": [1, 1, 1, 1]}}, None])
def test_missing_stored_scores_are_never_a_one(record, truth):
    with pytest.raises(ToolkitError, match="stores no usable coverage"):
        sample_of(record | {"ground_truth": truth}).stored_values()


@pytest.mark.parametrize("timestamp", [None, "yesterday", ""])
def test_a_sample_without_a_usable_timestamp_has_no_day(record, timestamp):
    with pytest.raises(ToolkitError, match="no usable timestamp"):
        sample_of(record | {"timestamp": timestamp}).day  # noqa: B018 - the property raises
