import math

import pytest

from day23.domain.export_record import digest_record, measurements, review_record, without_measurements


def test_a_digest_has_exactly_the_fields_of_the_contract(make_digest):
    assert digest_record(make_digest()) == {
        "sample_id": "@onaboka-20251115-1",
        "channel": "@onaboka",
        "language": "ru",
        "timestamp": "2025-11-15T12:00:00+00:00",
        "source_text": (
            "Пост 1\nРубль укрепился до 104 за доллар.\nПост 2\nОткрыли музей кино.\nПост 3\nЗавтра снег."
        ),
        "summary_markdown": (
            "## Главное за день\n\n- Рубль укрепился до 104 за доллар.\n- Открыли музей кино.\n- Завтра снег."
        ),
        "metadata": {
            "posts_count": 3,
            "time_range_hours": 24,
            "llm_model": "extractive-lexrank-ru-v1",
            "feature_flags": {"enable_quality_evaluation": True},
        },
        "provenance": "telegram",
        "ground_truth": {"llm_judge": make_digest()["quality"]["llm_judge"]},
        "latency_seconds": 0.25,
    }


def test_a_review_report_has_exactly_the_fields_of_the_contract(make_report):
    record = review_record(make_report())
    judgement = make_report()["report"]["metadata"]["llm_judge"]
    assert record == {
        "sample_id": "@onaboka-report-20251115-1",
        "channel": "@onaboka",
        "language": "ru",
        "timestamp": "2025-11-15T12:00:00+00:00",
        "source_text": (
            "[pass_1] Полнота высокая.\nRecommendation: Добавить музей кино.\n"
            "Finding: Пропуск Нет музея кино.\n\n[pass_2] Числа верны."
        ),
        "summary_markdown": ("## Итог рецензии\n\n- Дайджест полон.\n- Дайджест точен.\n- Нет музея кино."),
        "metadata": {
            "student_id": None,
            "assignment_id": "@onaboka",
            "passes_count": 2,
            "llm_model": "deterministic-ru-v1",
            "feature_flags": {"structured_review": True},
        },
        "provenance": "synthetic",
        "ground_truth": {"llm_judge": judgement},
        "latency_seconds": 0.02,
    }


def test_an_unknown_latency_is_left_out_of_a_digest_and_null_in_a_review(make_digest, make_report):
    digest, report = make_digest(), make_report()
    del digest["latency_seconds"]
    del report["report"]["metadata"]["latency_seconds"]
    assert "latency_seconds" not in digest_record(digest)
    assert review_record(report)["latency_seconds"] is None


def test_a_digest_without_names_and_texts_falls_back_as_documented(make_digest):
    digest = make_digest(
        posts=[], raw_posts="Сырой текст.", digest="Коротко.", metrics={"latency_seconds": 7.5}
    )
    for name in ("digest_id", "latency_seconds", "summary_markdown", "language", "quality"):
        del digest[name]
    record = digest_record(digest)
    assert record["sample_id"] == digest["_id"]
    assert (record["source_text"], record["summary_markdown"]) == ("Сырой текст.", "Коротко.")
    assert (record["language"], record["latency_seconds"]) == ("ru", 7.5)
    assert record["ground_truth"] == {}


def test_a_text_that_begins_with_its_title_is_not_repeated(make_digest):
    post = {"title": "Завтра снег", "summary": "Завтра снег.", "text": "Завтра снег. И ветер."}
    assert digest_record(make_digest(posts=[post]))["source_text"] == "Завтра снег. И ветер."


@pytest.mark.parametrize("posts", [["text"], [None], 7])
def test_posts_of_another_shape_give_no_source_instead_of_a_traceback(make_digest, posts):
    assert digest_record(make_digest(posts=posts))["source_text"] is None


def test_content_is_the_record_without_latency_and_scores(make_digest):
    fast, slow = make_digest(latency_seconds=0.1), make_digest(latency_seconds=9.9)
    slow["quality"]["llm_judge"]["scores"] = dict.fromkeys(slow["quality"]["llm_judge"]["scores"], 0.5)
    slow["quality"]["llm_judge"]["verdict"] = "BELOW_EXPECTATIONS"
    other = make_digest(summary_markdown="Другое.")
    assert without_measurements(digest_record(fast)) == without_measurements(digest_record(slow))
    assert without_measurements(digest_record(fast)) != without_measurements(digest_record(other))


def test_leaving_measurements_out_does_not_touch_the_record(make_digest):
    record = digest_record(make_digest())
    without_measurements(record)
    assert record["ground_truth"]["llm_judge"]["scores"]
    assert record["latency_seconds"] == 0.25


def test_every_measured_number_is_named(make_digest):
    found = dict(measurements(digest_record(make_digest(latency_seconds=math.inf))))
    assert found["latency_seconds"] == math.inf
    assert found["ground_truth.llm_judge.scores.coverage"] == 0.9
