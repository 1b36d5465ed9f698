"""A review finds what a digest lost, invented or repeated, and quotes it."""

import pytest

from day23.domain.review import review, synthesis

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


def test_four_passes_in_a_fixed_order() -> None:
    names = [item.pass_name for item in review(POSTS, "- " + "\n- ".join(POSTS))]
    assert names == ["coverage", "accuracy", "coherence", "informativeness"]


def test_a_full_digest_has_no_findings() -> None:
    assert all(not item.findings for item in review(POSTS, "## Главное\n\n- " + "\n- ".join(POSTS)))


def test_a_lost_post_is_quoted() -> None:
    assert "рукопись под Новгородом" in quotes(f"- {POSTS[0]}\n- {POSTS[1]}", "coverage")


def test_lost_numbers_are_quoted() -> None:
    assert "12 миллиардов" in quotes(f"- {POSTS[0]}", "informativeness")


def test_an_invented_number_is_named() -> None:
    assert "число 99" in quotes("- Центробанк поднял ключевую ставку до 99 процентов годовых.", "accuracy")


def test_an_unsupported_statement_is_quoted() -> None:
    assert "инопланетян" in quotes("- На Марсе поймали говорящих инопланетян.", "accuracy")


def test_a_repetition_is_quoted() -> None:
    assert "ключевую ставку" in quotes(f"- {POSTS[0]}\n- {POSTS[0]}", "coherence")


@pytest.mark.parametrize("summary", ["", "##", "🔥🔥", "- "])
def test_an_empty_digest_covers_nothing(summary: str) -> None:
    assert "отражено в дайджесте: 0" in review(POSTS, summary)[0].summary


def test_synthesis_has_one_line_per_pass_and_the_first_finding() -> None:
    text = synthesis(review(POSTS, f"- {POSTS[0]}"))
    assert text.count("\n- ") == 4
    assert "Академическая" in text


def test_review_is_deterministic() -> None:
    assert review(POSTS, f"- {POSTS[1]}") == review(POSTS, f"- {POSTS[1]}")
