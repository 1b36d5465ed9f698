"""The embedded model has a sensible answer to any prompt."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from day23.domain.digest_prompt import build_digest_prompt, build_review_prompt
from day23.domain.extractive_model import answer
from day23.domain.token_count import count_tokens

DAY = date(2024, 12, 3)


def test_a_digest_prompt_gets_a_digest_without_the_prompts_head() -> None:
    said = answer(build_digest_prompt("habr", DAY, ["Доллар упал ниже 104 рублей утром."]).user)
    assert said.text == "## Главное за день\n\n- Доллар упал ниже 104 рублей утром."
    assert not said.cut


def test_a_review_prompt_gets_a_synthesis_without_export_labels() -> None:
    passes = [
        "[coverage] Отражены все важные сообщения канала.\nFinding: Пропущена новость про открытие метро"
    ]
    text = answer(build_review_prompt("habr", DAY, passes).user).text
    assert text.startswith("## Итог рецензии\n\n- Отражены все важные сообщения канала.")
    assert "Finding" not in text
    assert "coverage" not in text


@pytest.mark.parametrize("prompt", ["Привет", "What is the capital of France?", "   ", "🙂", "1 2 3"])
def test_any_prompt_gets_a_bullet(prompt: str) -> None:
    assert "\n- " in answer(prompt).text


def test_a_limit_below_one_sentence_cuts_it_and_says_so() -> None:
    said = answer("Доллар упал ниже 104 рублей, сообщила биржа.", max_tokens=8)
    assert said.cut
    assert count_tokens(said.text) == 8


@settings(max_examples=40)
@given(st.text(max_size=400), st.integers(min_value=1, max_value=60))
def test_the_token_limit_always_holds(prompt: str, limit: int) -> None:
    assert count_tokens(answer(prompt, limit).text) <= limit
