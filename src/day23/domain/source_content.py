"""What a sample's source says, without the labels that an export puts around it."""

import re

_POST_TITLE = re.compile(r"^Пост \d+\n", re.MULTILINE)
_REVIEW_LABEL = re.compile(r"^(?:\[[A-Za-z0-9_]+\]|Recommendation:|Finding:) ", re.MULTILINE)


def source_content(source_text: str) -> str:
    """Return the source without post titles (`Пост 1`), pass names and the words before findings.

    Quality is measured against this: a summary that leaves the labels out has lost nothing, and they would
    be the most frequent words of every source.

    Example:
        >>> source_content("Пост 1\\nЗавтра снег.")
        'Завтра снег.'
        >>> source_content("[pass_1] Числа верны.\\nFinding: Пропуск Нет музея.")
        'Числа верны.\\nПропуск Нет музея.'
    """
    return _REVIEW_LABEL.sub("", _POST_TITLE.sub("", source_text))
