"""What a sound digest and a sound review report are, and how a broken one is told."""

import hashlib
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.benchmark_dataset import digest_id, document_id, missing_fields, report_id, violations
from day23.domain.window import Window

Build = Callable[..., dict[str, Any]]
DAY = date(2025, 11, 15)


def test_sound_documents_have_no_violation(make_digest: Build, make_report: Build) -> None:
    assert missing_fields(make_digest(), "digests") == ()
    assert missing_fields(make_report(), "review_reports") == ()


@pytest.mark.parametrize(
    "field",
    [
        "digest_id",
        "channel",
        "language",
        "summary_markdown",
        "posts",
        "feature_flags",
        "latency_seconds",
        "created_at",
        "metadata",
        "quality",
        "provenance",
        "window",
    ],
)
def test_every_absent_field_is_named(make_digest: Build, field: str) -> None:
    document = make_digest()
    del document[field]
    assert field in {violation.field for violation in violations(document, "digests")}


@pytest.mark.parametrize("field", ["judge_model", "prompt_version", "scores", "verdict"])
def test_a_judgement_is_whole(make_digest: Build, field: str) -> None:
    document = make_digest()
    del document["quality"]["llm_judge"][field]
    (violation,) = violations(document, "digests")
    assert (violation.field, violation.rule, violation.value) == (
        f"quality.llm_judge.{field}",
        "Field required",
        "nothing",
    )


@pytest.mark.parametrize("latency", [0.0, -1.0, math.nan, math.inf, "0.2", None])
def test_latency_is_finite_and_positive(make_digest: Build, latency: object) -> None:
    (violation,) = violations(make_digest(latency_seconds=latency), "digests")
    assert violation.field == "latency_seconds"


@pytest.mark.parametrize("flags", [{}, {"enable_quality_evaluation": "yes"}])
def test_feature_flags_are_populated_booleans(make_digest: Build, flags: dict[str, object]) -> None:
    assert [item.field.split(".")[0] for item in violations(make_digest(feature_flags=flags), "digests")] == [
        "feature_flags"
    ]


def test_naive_time_is_refused(make_digest: Build) -> None:
    problems = missing_fields(make_digest(created_at=datetime(2025, 11, 15, 12)), "digests")  # noqa: DTZ001
    assert any(problem.startswith("created_at") and "timezone" in problem for problem in problems)


def test_time_outside_its_day_or_the_seeded_window_is_refused(make_digest: Build) -> None:
    next_day = datetime(2025, 11, 16, tzinfo=UTC)
    assert (
        "lies outside the document's window" in missing_fields(make_digest(created_at=next_day), "digests")[0]
    )
    later = Window.ending_with(next_day + timedelta(days=30), 30)
    assert "lies outside the seeded window" in missing_fields(make_digest(), "digests", later)[0]


@pytest.mark.parametrize("summary", ["", "  \n", "Only English words here.", "- 104 $ 🔥"])
def test_summary_must_be_russian(make_digest: Build, summary: str) -> None:
    (violation,) = violations(make_digest(summary_markdown=summary), "digests")
    assert violation.field == "summary_markdown"


def test_latin_names_do_not_make_a_text_foreign(make_digest: Build) -> None:
    summary = (
        "## Главное\n\n- Python 3.13 вышел сегодня, сообщает https://python.org/downloads/release\n"
        "- Сборка CPython стала быстрее.\n- Старый API удалён."
    )
    assert missing_fields(make_digest(summary_markdown=summary), "digests") == ()


@pytest.mark.parametrize(
    ("summary", "rule"),
    [
        ("- Рубль вырос.\n- Завтра снег.\n- Музей открыт.", "does not begin with a Russian heading"),
        ("## Top news\n\n- Рубль вырос.\n- Завтра снег.\n- Музей открыт.", "Russian heading"),
        ("## Главное\n\n- Рубль вырос.\n- Завтра снег.", "has 2 of 3 Russian sentences"),
        ("## Главное\n\nHere is the digest:\n- Рубль вырос.\n- Снег.\n- Музей открыт.", "boilerplate"),
        ("## Главное\n\n- Рубль вырос.\n- Завтра снег.\n- Summary: музей.", "boilerplate"),
        ("## Главное\n\n- Рубль вырос.\n- Завтра снег.\n- {channel} открыт.", "boilerplate"),
    ],
)
def test_a_digest_is_localised(make_digest: Build, summary: str, rule: str) -> None:
    (violation,) = violations(make_digest(summary_markdown=summary), "digests")
    assert violation.field == "summary_markdown"
    assert rule in violation.rule
    assert "seed the day again" in violation.fix


def test_few_sentences_need_a_reason(make_digest: Build) -> None:
    short = make_digest(summary_markdown="## Главное\n\n- Рубль вырос.")
    short["metadata"]["note"] = "the channel published one post"
    assert missing_fields(short, "digests") == ()


def test_posts_lie_on_the_day_of_the_digest(make_digest: Build) -> None:
    document = make_digest()
    document["posts"][1]["posted_at"] = document["window"]["end"]
    (violation,) = violations(document, "digests")
    assert violation.field == "posts"
    assert "outside the document's window" in violation.rule


def test_few_posts_need_a_reason(make_digest: Build) -> None:
    sound = make_digest()
    few = make_digest(posts=sound["posts"][:2])
    assert "metadata.note does not say why" in missing_fields(few, "digests")[0]
    explained = make_digest(posts=sound["posts"][:2], metadata=sound["metadata"] | {"note": "a quiet day"})
    assert missing_fields(explained, "digests") == ()


def test_scores_lie_between_zero_and_one(make_report: Build) -> None:
    report = make_report()
    report["report"]["metadata"]["llm_judge"]["scores"]["coverage"] = 1.5
    assert "coverage" in missing_fields(report, "review_reports")[0]


def test_violation_tells_field_rule_and_value(make_digest: Build) -> None:
    (text,) = missing_fields(make_digest(provenance="guessed"), "digests")
    assert text == (
        "provenance: Input should be 'telegram' or 'synthetic' (got 'guessed'). "
        "Fix: write telegram or synthetic"
    )


def test_names_of_documents() -> None:
    assert digest_id("onaboka", DAY) == "@onaboka-20251115-1"
    assert report_id("@OnAboka", DAY) == "@onaboka-report-20251115-1"
    natural_key = b"digests|onaboka|2025-11-15"
    assert document_id("digests", "@onaboka", DAY) == hashlib.sha256(natural_key).hexdigest()


VALUES = st.none() | st.floats() | st.text(max_size=9) | st.lists(st.integers(), max_size=3)


@given(st.dictionaries(st.sampled_from(["channel", "posts", "window", "report", "quality"]), VALUES))
def test_any_document_is_judged_without_failing(document: dict[str, Any]) -> None:
    assert missing_fields(document, "digests")
    assert missing_fields(document, "review_reports")
