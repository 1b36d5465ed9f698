import pytest

from day23.domain.export_record import digest_record, review_record
from day23.domain.quality import measure
from day23.domain.source_content import source_content


def test_labels_of_a_digest_source_are_left_out(make_digest):
    record = digest_record(make_digest())
    expected = ("Рубль укрепился до 104 за доллар.", "Открыли музей кино.", "Завтра снег.")
    assert source_content(record["source_text"]) == expected


def test_labels_of_a_review_source_are_left_out(make_report):
    content = source_content(review_record(make_report())["source_text"])
    assert content == (
        "Полнота высокая.\nДобавить музей кино.\nПропуск Нет музея кино.",
        "Числа верны.",
    )


@pytest.mark.parametrize("text", ["Пост 7 вышел утром.", "Finding Nemo идёт в кино.", "См. [pass_1] ниже."])
def test_words_inside_a_text_are_no_labels(text):
    assert source_content(text) == (text,)


def test_a_digest_that_repeats_every_post_covers_its_source(make_digest):
    source = digest_record(make_digest())["source_text"]
    summary = "- Рубль укрепился до 104 за доллар.\n- Открыли музей кино.\n- Завтра снег."
    assert measure(source_content(source), summary).coverage == 1.0
