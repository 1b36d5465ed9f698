"""What is built is what is parsed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.digest_prompt import (
    TEMPLATE_SHA256,
    PromptKind,
    build_digest_prompt,
    build_review_prompt,
    parse_prompt,
    passes_of_source,
    posts_of_source,
)
from day23.domain.russian_text import clean

DAY = date(2024, 12, 3)
SECTIONS = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            ["=== СООБЩЕНИЕ 2 ===", "\\=== ПРОХОД 1 ===\nтекст", "Привет\n=== ПРОХОД 9 ===\nмир"]
        ),
    ),
    min_size=1,
    max_size=6,
)


@given(SECTIONS)
def test_posts_survive_the_prompt_even_when_they_imitate_markers(posts: list[str]) -> None:
    parsed = parse_prompt(build_digest_prompt("@habr", DAY, posts).user)
    assert parsed.kind is PromptKind.DIGEST
    assert parsed.sections == tuple(clean(post).strip() for post in posts)


@given(SECTIONS)
def test_passes_survive_the_prompt(passes: list[str]) -> None:
    parsed = parse_prompt(build_review_prompt("habr", DAY, passes).user)
    assert parsed.kind is PromptKind.REVIEW
    assert parsed.sections == tuple(clean(text).strip() for text in passes)


def test_the_user_message_names_channel_day_and_count() -> None:
    user = build_digest_prompt("Habr", DAY, ["Раз.", "Два."]).user
    assert user.startswith("Канал: @habr\nДень: 2024-12-03\nСообщений: 2\n\n=== СООБЩЕНИЕ 1 ===\nРаз.\n")


def test_the_instruction_asks_for_the_heading() -> None:
    assert "## Главное за день" in build_digest_prompt("habr", DAY, []).system
    assert "## Итог рецензии" in build_review_prompt("habr", DAY, []).system


@pytest.mark.parametrize(("user", "sections"), [("", ()), ("Раз.\n \nДва.", ("Раз.", "Два."))])
def test_other_text_is_taken_by_paragraphs(user: str, sections: tuple[str, ...]) -> None:
    assert parse_prompt(user).kind is PromptKind.FREE
    assert parse_prompt(user).sections == sections


def test_the_wording_is_identified() -> None:
    assert TEMPLATE_SHA256 == "61f711d71384239806f6eed39c066c945874267008255485252bf944fe6bf8cd"


def test_posts_of_an_exported_sample_are_found_again() -> None:
    assert posts_of_source("Пост 1\nРаз.\nРаз.\nПост 2\nДва\nтри.\nДва\nтри.") == ("Раз.", "Два\nтри.")


def test_passes_of_an_exported_sample_are_its_paragraphs() -> None:
    assert passes_of_source("[coverage] Полно.\nFinding: a b\n\n[accuracy] Точно.") == (
        "[coverage] Полно.\nFinding: a b",
        "[accuracy] Точно.",
    )
