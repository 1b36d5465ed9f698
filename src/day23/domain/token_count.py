"""The token rule of the extractive model: usage and `max_tokens` count by it."""

import re

TOKENIZER = "words-and-marks-v1"
"""One token per run of letters and digits, one per other character that is not a space."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


def count_tokens(text: str) -> int:
    """Return the number of tokens.

    Example:
        >>> count_tokens("Доллар упал ниже 104 рублей.")
        6
    """
    return sum(1 for _ in _TOKEN.finditer(text))


def first_tokens(text: str, limit: int) -> str:
    """Return the longest beginning of `text` that holds at most `limit` tokens."""
    for position, token in enumerate(_TOKEN.finditer(text)):
        if position == limit:
            return text[: token.start()].rstrip()
    return text
