import math

import pytest

from day23.application.ports import Collection
from day23.domain.errors import ToolkitError
from day23.domain.export_record import digest_record, review_record
from day23.infrastructure.exports.record_schema import RecordSchema, load_schemas


@pytest.fixture(scope="module")
def schemas(request):
    return load_schemas(request.config.rootpath / "config" / "schemas")


def test_sound_documents_give_records_that_pass(schemas, make_digest, make_report):
    assert schemas[Collection.DIGESTS].failure(digest_record(make_digest()), 1) is None
    assert schemas[Collection.REVIEW_REPORTS].failure(review_record(make_report()), 1) is None


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"language": "russian"}, "language", "pattern"),
        ({"summary_markdown": ""}, "summary_markdown", "type"),
        ({"posts": []}, "source_text", "type"),
        ({"provenance": "dream"}, "provenance", "enum"),
        ({"latency_seconds": 0}, "latency_seconds", "exclusiveMinimum"),
        ({"latency_seconds": "slow"}, "latency_seconds", "type"),
        ({"latency_seconds": math.nan}, "latency_seconds", "finite"),
        ({"latency_seconds": math.inf}, "latency_seconds", "finite"),
        ({"created_at": "yesterday"}, "timestamp", "format"),
        ({"feature_flags": {"flag": "yes"}}, "metadata.feature_flags.flag", "type"),
    ],
)
def test_a_broken_field_is_named_with_its_rule(schemas, make_digest, changes, field, rule):
    failure = schemas[Collection.DIGESTS].failure(digest_record(make_digest(**changes)), 7)
    assert failure is not None
    assert (failure.line, failure.field, failure.rule) == (7, field, rule)
    assert failure.sample_id == "@onaboka-20251115-1"


@pytest.mark.parametrize("score", [math.nan, -0.1, 1.1, None])
def test_a_score_outside_0_to_1_is_refused(schemas, make_digest, score):
    document = make_digest()
    document["quality"]["llm_judge"]["scores"]["coverage"] = score
    failure = schemas[Collection.DIGESTS].failure(digest_record(document), 1)
    assert failure is not None
    assert failure.field == "ground_truth.llm_judge.scores.coverage"


def test_a_field_nobody_agreed_on_is_drift(schemas, make_digest):
    record = digest_record(make_digest()) | {"mood": "good"}
    failure = schemas[Collection.DIGESTS].failure(record, 1)
    assert failure is not None
    assert failure.rule == "additionalProperties"


@pytest.mark.parametrize("content", [None, "not json", '{"type": "nonsense"}'])
def test_a_schema_that_cannot_be_used_is_told_with_its_path(tmp_path, content):
    path = tmp_path / "digest_record.schema.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ToolkitError, match=r"digest_record\.schema\.json"):
        RecordSchema(path)
