"""Proves before the first request that the model works, and loads what it needs."""

import time

from day23.domain.errors import ToolkitError
from day23.domain.extractive_model import answer

_TEXT = (
    "Курс доллара опустился ниже 104 рублей, сообщила биржа.\n\n"
    "В Москве открыли новую станцию метро на 300 тысяч пассажиров.\n\n"
    "Подписывайтесь на наш канал!"
)
_EXPECTED = ("## ", "104", "300")


def self_test() -> float:
    """Summarise a small text and return the seconds it took.

    Raises:
        ToolkitError: The summary lacks what it must have.
    """
    started = time.perf_counter()
    summary = answer(_TEXT).text
    if any(part not in summary for part in _EXPECTED) or "Подпис" in summary:
        raise ToolkitError(
            "the LLM API's self-test failed",
            where=f"{len(summary)} characters of summary",
            next_step="reinstall the locked requirements",
        )
    return time.perf_counter() - started
