"""The quality measures react to faults, and only to them."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from day23.domain.quality import NOTHING, QualityScores, measure

SOURCE_SENTENCES = (
    "Центробанк повысил ключевую ставку до 23% годовых.",
    "Ключевая ставка стала рекордной за 20 лет, сообщил Центробанк.",
    "Эксперты ждут роста ставок по вкладам и кредитам.",
    "В Москве открыли станцию метро «Потапово» на 300 тысяч пассажиров.",
    "Станция метро стала конечной на красной линии.",
    "Мэр Сергей Собянин осмотрел новую станцию метро утром.",
    "Учёные нашли на Марсе русло древней реки длиной 40 км.",
    "Древняя река на Марсе пересохла три миллиарда лет назад.",
    "Снимки реки прислал аппарат NASA, сообщает https://example.org/mars.",
    "Подписывайтесь на наш канал!",
)
SOURCE = "\n".join(SOURCE_SENTENCES)
GOOD = (SOURCE_SENTENCES[0], SOURCE_SENTENCES[3], SOURCE_SENTENCES[6], SOURCE_SENTENCES[8])
CHOICES = st.lists(st.sampled_from(SOURCE_SENTENCES[:-1]), min_size=1, max_size=9, unique=True)


def digest(*sentences: str) -> str:
    return "## Главное за день\n\n" + "\n".join(f"- {sentence}" for sentence in sentences)


def scored(*sentences: str) -> QualityScores:
    return measure(SOURCE, digest(*sentences))


@pytest.mark.parametrize("summary", ["", "   \n", "## Главное за день", "- ", "123 456", "😄", "и в на"])
def test_a_summary_without_content_scores_nothing(summary: str) -> None:
    assert measure(SOURCE, summary) == NOTHING


def test_any_summary_of_an_empty_source_scores_nothing() -> None:
    assert measure("", digest(*GOOD)) == NOTHING


@given(st.text(), st.text())
def test_scores_are_finite_and_between_zero_and_one(source: str, summary: str) -> None:
    for score in measure(source, summary).as_dict().values():
        assert math.isfinite(score)
        assert 0 <= score <= 1


def test_a_faithful_ordered_digest_is_accurate_coherent_and_informative() -> None:
    scores = scored(*GOOD)
    assert scores.accuracy == 1
    assert scores.coherence == 1
    assert scores.informativeness > 0.9


@given(CHOICES)
def test_an_invented_number_lowers_accuracy(chosen: list[str]) -> None:
    invented = scored(*chosen, "Курс составил 777 рублей.")
    without = scored(*chosen, "Курс составил рублей.")
    assert invented.accuracy < without.accuracy


@given(CHOICES)
def test_an_invented_link_and_name_lower_accuracy(chosen: list[str]) -> None:
    assert scored(*chosen, "Ставка тут: https://evil.example/x.").accuracy < scored(*chosen).accuracy
    assert scored(*chosen, "Станцию осмотрел Иннокентий.").accuracy < scored(*chosen).accuracy


def test_an_unknown_name_weighs_more_than_an_unknown_word() -> None:
    name, word = "Станцию осмотрел вчера Иннокентий.", "Станцию осмотрел вчера иннокентий."
    assert scored(*GOOD, name).accuracy < scored(*GOOD, word).accuracy < 1


@given(CHOICES)
def test_words_that_the_source_lacks_lower_accuracy(chosen: list[str]) -> None:
    assert scored(*chosen, "Шахматисты обсудили балет.").accuracy < scored(*chosen).accuracy


@given(CHOICES, st.data())
def test_dropping_sentences_never_raises_coverage(chosen: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(chosen), unique=True))
    assert scored(*kept).coverage <= scored(*chosen).coverage


@given(CHOICES)
def test_repeating_sentences_lowers_coherence_and_informativeness(chosen: list[str]) -> None:
    once, twice = scored(*chosen), scored(*chosen, *chosen)
    assert twice.coverage == once.coverage
    assert twice.coherence < once.coherence
    assume(once.informativeness > 0)
    assert twice.informativeness < once.informativeness


def test_a_reversed_digest_is_less_coherent() -> None:
    assert scored(*reversed(GOOD)).coherence < 0.75 < scored(*GOOD).coherence


def test_broken_off_sentences_are_less_coherent() -> None:
    assert scored(*(sentence[:-8] for sentence in GOOD)).coherence < scored(*GOOD).coherence


def test_a_leaning_sentence_without_its_predecessor_is_less_coherent() -> None:
    assert scored(*GOOD, "Это вызвало споры экспертов.").coherence < scored(*GOOD).coherence


def test_filler_and_footers_lower_informativeness() -> None:
    filler = "Стоит отметить, что всё это, конечно, очень и очень интересно для каждого из нас."
    assert scored(*GOOD, filler).informativeness < scored(*GOOD).informativeness
    assert scored(*GOOD, SOURCE_SENTENCES[-1]).informativeness < scored(*GOOD).informativeness


def test_a_copy_of_the_source_informs_nobody() -> None:
    assert measure(SOURCE, SOURCE).informativeness == 0
    assert measure(SOURCE, SOURCE).coverage == 1


def test_a_digest_longer_than_half_of_its_source_informs_less() -> None:
    assert scored(*SOURCE_SENTENCES[:7]).informativeness < scored(*SOURCE_SENTENCES[:4]).informativeness


def test_another_language_has_no_accuracy() -> None:
    assert scored("The central bank raised its key rate.").accuracy == 0


def test_inflection_does_not_count_as_a_difference() -> None:
    assert scored("Ключевую ставку Центробанка повысили до 23%.").accuracy == 1


def test_a_source_that_repeats_each_post_scores_the_same() -> None:
    repeated = "\n".join(f"{sentence}\n{sentence}" for sentence in SOURCE_SENTENCES)
    assert measure(repeated, digest(*GOOD)) == scored(*GOOD)


def test_coverage_by_hand() -> None:
    # topic words: at least ten, so all seven stems of the two posts, "ставк" in both
    source = ["Ставка выросла резко.", "Ставка пугает бизнес Москвы сильно."]
    assert measure(source, "Ставка выросла.").coverage == round((2 + 1) / 8, 6)


LONG_POST = "\n".join(
    f"Квантовый процессор номер {number} превзошёл классический вычислитель в лаборатории физиков."
    for number in range(40)
)
SHORT_POSTS = (
    "Мэр открыл новую станцию метро на юге города.",
    "Мэр осмотрел станцию метро и поблагодарил строителей.",
    "Врачи города получили новую больницу рядом со станцией метро.",
)


def test_one_long_post_does_not_outvote_a_day_of_short_ones() -> None:
    day = [LONG_POST, *SHORT_POSTS]
    assert measure(day, f"- {SHORT_POSTS[0]}\n- {SHORT_POSTS[2]}").coverage > 0.5
    assert measure(day, f"- {LONG_POST.splitlines()[0]}").coverage < 0.5


def test_a_day_of_one_post_is_covered_by_its_own_topic() -> None:
    assert measure([LONG_POST], f"- {LONG_POST.splitlines()[0]}").coverage > 0.8


def test_signatures_and_advertising_have_no_vote() -> None:
    signed = [f"{post}\n❗️ Подписывайся на канал" for post in SHORT_POSTS]
    summary = f"- {SHORT_POSTS[0]}"
    assert measure(signed, summary).coverage == measure(SHORT_POSTS, summary).coverage
    advertised = [*SHORT_POSTS, "Забери бонус казино метро прямо сейчас! #реклама"]
    assert measure(advertised, summary).coverage == measure(SHORT_POSTS, summary).coverage


def test_words_of_several_posts_come_before_words_that_fill_one() -> None:
    shared = [
        f"Банк поднял ставку {how}. Снег шёл {how}. Поезда ходят {how}. Музей {how} закрыт."
        for how in ("утром", "вечером", "ночью")
    ]
    alone = [f"Слон{end} жираф{end} верблюд{end} носорог{end}." for end in ("овый", "атый", "истый")]
    summary = "Банк поднял ставку. Снег шёл. Поезда ходят. Музей закрыт."
    assert measure(shared + alone, summary).coverage > 0.9
