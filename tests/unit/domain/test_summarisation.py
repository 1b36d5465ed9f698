"""The extractive digest."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from day23.domain.russian_text import links, numbers, sentences
from day23.domain.summarisation import DIGEST_HEADING, NO_CONTENT, summarise
from day23.domain.token_count import count_tokens

FOOTER = "\n\n❗️ Подписывайся"
RATE = "⚡️ Центробанк повысил ключевую ставку до 23% годовых.\n\nРешение вступит в силу в понедельник."
POSTS = [
    RATE + FOOTER,
    "В Москве открыли новую станцию метро на 300 тысяч пассажиров.\n\nhttps://example.org/metro" + FOOTER,
    "Центробанк повысил ключевую ставку до 23 % годовых!" + FOOTER,
    "Забери свой бонус 500 рублей прямо сейчас!\n#реклама",
    "#новости\nhttps://example.org/bare",
    "Учёные нашли на Марсе следы древней реки длиной 40 км. Об этом пишет журнал Nature.",
]
SENTENCE = st.lists(
    st.sampled_from(
        (
            "ставка",
            "банк",
            "метро",
            "станция",
            "река",
            "Марс",
            "учёный",
            "23",
            "поезд",
            "https://a.ru/b",
            "он",
        )
    ),
    min_size=1,
    max_size=12,
).map(lambda found: " ".join(found) + ".")
DAY = st.lists(st.lists(SENTENCE, max_size=5).map("\n".join), max_size=12)


@pytest.fixture
def digest() -> str:
    return summarise(POSTS)


def test_the_digest_is_a_heading_and_bullets(digest: str) -> None:
    heading, blank, *bullets = digest.split("\n")
    assert heading == DIGEST_HEADING
    assert blank == ""
    assert bullets
    assert all(bullet.startswith("- ") for bullet in bullets)


def test_advertising_footers_and_bare_lines_are_left_out(digest: str) -> None:
    assert "500" not in digest
    assert "Подписывайся" not in digest
    assert "#" not in digest.removeprefix(DIGEST_HEADING)
    assert "example.org/bare" not in digest


def test_a_repeated_post_is_told_once(digest: str) -> None:
    assert digest.count("ключевую ставку") == 1


def test_posts_that_differ_in_their_numbers_are_different_news() -> None:
    digest = summarise(["Утром доллар 104,2 рубля, евро 110,7.", "Утром доллар 99,1 рубля, евро 105,3."])
    assert set(numbers(digest)) == {"104.2", "110.7", "99.1", "105.3"}


def test_numbers_and_the_posts_link_are_kept(digest: str) -> None:
    assert {"23", "300", "40"} <= set(numbers(digest))
    assert "пассажиров. <https://example.org/metro>" in digest


def test_each_of_several_links_stays_with_its_line() -> None:
    post = "Учёные нашли древнюю реку Марса\nhttps://a.ru/1\n\nИнженеры построили самый длинный мост\nhttps://a.ru/2"
    assert summarise([post]) == (
        f"{DIGEST_HEADING}\n\n- Учёные нашли древнюю реку Марса. <https://a.ru/1> "
        "Инженеры построили самый длинный мост. <https://a.ru/2>"
    )


def test_a_quotation_mark_without_partner_goes() -> None:
    digest = summarise(["«Сегодня мы открыли большую новую выставку.\nЗавтра закроем старый большой музей»."])
    assert digest.count("«") == digest.count("»") == 0


def test_nothing_to_tell_is_said() -> None:
    assert (
        summarise([])
        == summarise("")
        == summarise(["Купи! #реклама"])
        == f"{DIGEST_HEADING}\n\n- {NO_CONTENT}"
    )


def test_one_text_is_taken_by_paragraphs() -> None:
    assert summarise("\n\n".join(POSTS[:2])) == summarise(POSTS[0].split("\n\n") + POSTS[1].split("\n\n"))


@settings(max_examples=50)
@given(DAY)
def test_every_bullet_is_made_of_source_sentences_in_source_order(posts: list[str]) -> None:
    source = "\n".join(posts)
    known = [words_of(sentence) for sentence in sentences(source)]
    told = [words_of(sentence) for sentence in sentences(summarise(posts).removeprefix(DIGEST_HEADING))]
    if told == [words_of(NO_CONTENT)]:
        return
    places = [known.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert set(numbers("\n".join(map(" ".join, told)))) <= set(numbers(source))


@settings(max_examples=50)
@given(DAY)
def test_links_come_from_the_source(posts: list[str]) -> None:
    assert set(links(summarise(posts))) <= set(links("\n".join(posts)))


@settings(max_examples=50)
@given(DAY, st.integers(min_value=1, max_value=6))
def test_max_sentences_holds(posts: list[str], limit: int) -> None:
    assert len(sentences(summarise(posts, max_sentences=limit).removeprefix(DIGEST_HEADING))) <= limit


@settings(max_examples=50)
@given(DAY, st.integers(min_value=30, max_value=120))
def test_max_tokens_holds_once_a_sentence_fits(posts: list[str], limit: int) -> None:
    assert count_tokens(summarise(posts, max_tokens=limit)) <= limit


@settings(max_examples=30)
@given(st.text(max_size=2000))
def test_any_text_gives_a_digest(text: str) -> None:
    assert summarise(text).startswith(DIGEST_HEADING)


def test_long_input_is_thinned_and_still_told() -> None:
    posts = [f"Событие номер {number} произошло в городе номер {number * 7} вчера." for number in range(2000)]
    assert len(summarise(posts).splitlines()) >= 3


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "4", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"},
        {"PYTHONHASHSEED": "12345", "MKL_NUM_THREADS": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"},
    ],
)
def test_the_digest_is_the_same_in_any_process(environment: dict[str, str], digest: str) -> None:
    script = (
        "import json, sys; from day23.domain.summarisation import summarise; "
        "print(json.dumps(summarise(json.load(sys.stdin))))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(POSTS),
        env={"PYTHONPATH": os.environ.get("PYTHONPATH", "")} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == digest


def test_questions_and_addresses_to_readers_are_left_out() -> None:
    digest = summarise(
        ["Друзья, долго думали, рассказывать ли вам.\nРедакция переезжает в Калининград осенью."]
    )
    assert "Друзья" not in digest
    assert "Калининград" in digest
    assert "масло" in summarise(["Почему же так сильно дорожает масло?"])


def words_of(sentence: str) -> list[str]:
    return [word.strip(".,<>").lower() for word in sentence.split() if "/" not in word]
