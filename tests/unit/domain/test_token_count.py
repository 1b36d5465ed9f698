"""The token rule."""

from hypothesis import given
from hypothesis import strategies as st

from day23.domain.token_count import count_tokens, first_tokens


def test_words_numbers_and_marks_count_one_each() -> None:
    assert count_tokens("Курс: 104,5 ₽!") == 7


@given(st.text(), st.integers(min_value=0, max_value=50))
def test_a_cut_text_begins_the_text_and_keeps_the_limit(text: str, limit: int) -> None:
    cut = first_tokens(text, limit)
    assert text.startswith(cut)
    assert count_tokens(cut) == min(limit, count_tokens(text))
