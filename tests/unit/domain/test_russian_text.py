"""Sentences, words, numbers, links and names of Telegram text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.russian_text import (
    clean,
    content_stems,
    cyrillic_share,
    links,
    names,
    numbers,
    opening_word,
    sentences,
    stems,
    words,
)

TEXT = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from('абвгдежзиклмнопрстуАБВ .!?…—«»"\n\t0123456789#@/:,;⚡️🚍👖1️⃣\u200b\u00a0\u0301'),
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⚡️ Доллар упал. Евро тоже!", ("Доллар упал.", "Евро тоже!")),
        ("Розыгрыш — это офи… 😱 Играй прямо тут", ("Розыгрыш — это офи…", "Играй прямо тут")),
        ("Как:\n— покупать товары\n— создавать пароли", ("Как:", "покупать товары", "создавать пароли")),
        ("1️⃣ Первое\n2️⃣ Второе", ("Первое", "Второе")),
        ("1. Первое\n2) Второе\n• Третье", ("Первое", "Второе", "Третье")),
        ("🔥 **Важно**: г. Москва, ул. Ленина", ("Важно: г. Москва, ул. Ленина",)),
        ("Новость дня.\n#новости #хабр\nhttps://habr.com/ru/1", ("Новость дня.",)),
        (
            "Читать тут: https://a.ru/b.html. Дальше — больше.",
            ("Читать тут: https://a.ru/b.html.", "Дальше — больше."),
        ),
        ("Он сказал: «Приду завтра». И ушёл.", ("Он сказал: «Приду завтра».", "И ушёл.")),
        ("Цена 1,5 млн руб. за м². Дорого.", ("Цена 1,5 млн руб. за м².", "Дорого.")),
        ("😄😄😄", ()),
        ("", ()),
    ],
)
def test_sentences_survive_emoji_lists_links_hashtags_and_quotes(
    text: str, expected: tuple[str, ...]
) -> None:
    assert sentences(text) == expected


@given(TEXT)
def test_any_text_splits_into_sentences_with_words_and_without_line_ends(text: str) -> None:
    for sentence in sentences(text):
        assert "\n" not in sentence
        assert sentence == sentence.strip()
        assert any(letter.isalnum() for letter in sentence)


@given(TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXT)
def test_cleaned_text_can_be_encoded(text: str) -> None:
    clean(text + "\ud800").encode()


def test_invisible_characters_and_stress_marks_do_not_part_words() -> None:
    assert words("за\u0301мок\u200b до\u00adма\u00a0и\ufeff") == ("замок", "дома", "и")


def test_decomposed_letters_equal_composed_ones() -> None:
    assert stems("и\u0306од ё") == stems("йод е")


def test_inflected_forms_share_a_stem() -> None:
    assert content_stems("новая станция метро") == content_stems("новой станцией метро")


def test_content_leaves_function_words_and_single_letters_out() -> None:
    assert content_stems("и в на это было в Москве") == content_stems("Москве")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100\u202f000\u00a0000 рублей", ("100000000",)),
        ("выросло на 23,5% и 1.25", ("23.5", "1.25")),
        ("в 15:00 и 12:30", ("15:00", "12:30")),
        ("в 2022 100 человек", ("2022", "100")),
        ("54-летний и 12-я", ("54", "12")),
        ("https://a.ru/2024/12 нет чисел, v2x", ()),
        ("5 000₽ и $316 тысяч", ("5000", "316")),
    ],
)
def test_numbers_are_found_and_written_alike(text: str, expected: tuple[str, ...]) -> None:
    assert numbers(text) == expected


def test_links_end_before_punctuation_and_brackets() -> None:
    text = "Тут (https://a.ru/x?y=1). И [там](http://b.ru/z), www.c.ru; t.me/d https://a.ru/x?y=1"
    assert links(text) == ("https://a.ru/x?y=1", "http://b.ru/z", "www.c.ru", "t.me/d")


def test_names_are_capitalised_words_inside_a_sentence_and_abbreviations() -> None:
    assert names("Вчера Сергей Лавров и NASA ждали. Потом МЧС приехало в Москву.") == stems(
        "Сергей Лавров NASA МЧС Москву"
    )


def test_opening_word_is_lower_case() -> None:
    assert opening_word("«Ёлки в Москве»") == "елки"
    assert opening_word("123") == ""


@pytest.mark.parametrize(
    ("text", "share"), [("привет", 1.0), ("hi", 0.0), ("да ok", 0.5), ("", 0.0), ("https://a.ru", 0.0)]
)
def test_cyrillic_share(text: str, share: float) -> None:
    assert cyrillic_share(text) == share
