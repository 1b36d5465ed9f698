"""A review finds what a digest lost, invented or repeated, and quotes it."""

import pytest

from day23.domain.quality import measure
from day23.domain.review import review, synthesis
from day23.domain.russian_localisation import russian_sentences

POSTS = (
    "Центробанк поднял ключевую ставку до 21 процента годовых.",
    "В Казани открыли станцию метро «Академическая» за 12 миллиардов рублей.",
    "Учёные нашли древнюю рукопись под Новгородом.",
)


def passes(summary: str) -> dict[str, object]:
    return {item.pass_name: item for item in review(POSTS, summary)}


def quotes(summary: str, name: str) -> str:
    (found,) = [item for item in review(POSTS, summary) if item.pass_name == name]
    return "\n".join(finding.description for finding in found.findings)


FULL = "## Главное\n\n- " + "\n- ".join(POSTS)


def test_six_passes_in_a_fixed_order() -> None:
    names = [item.pass_name for item in review(POSTS, FULL)]
    assert names == ["coverage", "accuracy", "coherence", "informativeness", "localisation", "facts"]


def test_a_full_digest_has_no_findings() -> None:
    assert all(not item.findings for item in review(POSTS, FULL))


def test_a_lost_post_is_quoted() -> None:
    assert "рукопись под Новгородом" in quotes(f"- {POSTS[0]}\n- {POSTS[1]}", "coverage")


def test_lost_numbers_are_quoted() -> None:
    assert "12 миллиардов" in quotes(f"- {POSTS[0]}", "facts")


def test_an_invented_number_is_named() -> None:
    assert "число 99" in quotes("- Центробанк поднял ключевую ставку до 99 процентов годовых.", "accuracy")


def test_an_unsupported_statement_is_quoted() -> None:
    assert "инопланетян" in quotes("- На Марсе поймали говорящих инопланетян.", "accuracy")


def test_a_repetition_is_quoted() -> None:
    assert "ключевую ставку" in quotes(f"- {POSTS[0]}\n- {POSTS[0]}", "coherence")


@pytest.mark.parametrize("summary", ["", "##", "🔥🔥", "- "])
def test_an_empty_digest_covers_nothing(summary: str) -> None:
    assert "отражено в дайджесте 0" in review(POSTS, summary)[0].summary


def test_a_phrase_that_says_nothing_of_the_day_is_quoted() -> None:
    phrase = "Всё это, безусловно, чрезвычайно интересно всякому читателю."
    assert "безусловно" in quotes(f"{FULL}\n- {phrase}", "informativeness")


def test_english_and_a_missing_heading_are_found() -> None:
    assert "central bank" in quotes("## Главное\n\n- The central bank raised its rate.", "localisation")
    assert "заголовка" in quotes(f"- {POSTS[0]}", "localisation")
    assert "шаблона" in quotes(f"{FULL}\n\nSummary: all good.", "localisation")


def test_synthesis_tells_results_remarks_and_the_first_finding() -> None:
    text = synthesis(review(POSTS, f"## Главное\n\n- {POSTS[0]}"))
    assert "сообщений за день 3, отражено в дайджесте 1, пропущено 2" in text
    assert "Есть замечания: полнота, факты." in text
    assert "Пропущено сообщение: «В Казани открыли станцию метро «Академическая»" in text
    assert "рукопись" not in text


def test_a_clean_review_is_told_in_three_sentences() -> None:
    text = synthesis(review(POSTS, FULL))
    assert russian_sentences(text) == 3
    assert "Замечаний нет: полнота, достоверность" in text


@pytest.mark.parametrize("summary", [FULL, f"## Главное\n\n- {POSTS[0]}", "## Главное\n\n- Снег."])
def test_a_synthesis_is_shorter_than_its_passes_and_true_to_them(summary: str) -> None:
    passes = review(POSTS, summary)
    parts = [
        "\n".join([one.summary, *one.recommendations, *(f"{f.title} {f.description}" for f in one.findings)])
        for one in passes
    ]
    scores = measure(parts, synthesis(passes))
    assert scores.informativeness > 0.5
    assert scores.accuracy == 1


def test_review_is_deterministic() -> None:
    assert review(POSTS, f"- {POSTS[1]}") == review(POSTS, f"- {POSTS[1]}")
