"""What a sample's source says, without the labels that an export puts around it."""

import re

_POST_TITLE = re.compile(r"^Пост \d+\n", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n\s*\n")
_REVIEW_LABEL = re.compile(r"^(?:\[[A-Za-z0-9_]+\]|Recommendation:|Finding:) ", re.MULTILINE)


def source_content(source_text: str) -> tuple[str, ...]:
    """Return the posts or passes of a source, without titles, pass names and the words before findings.

    Quality is measured against these: a summary that leaves the labels out has lost nothing, and they would
    be the most frequent words of every source.

    Example:
        >>> source_content("Пост 1\\nЗавтра снег.\\nПост 2\\nРубль вырос.")
        ('Завтра снег.', 'Рубль вырос.')
        >>> source_content("[pass_1] Числа верны.\\nFinding: Пропуск Нет музея.")
        ('Числа верны.\\nПропуск Нет музея.',)
    """
    boundary = _POST_TITLE if _POST_TITLE.match(source_text) else _PARAGRAPH
    parts = (_REVIEW_LABEL.sub("", part).strip() for part in boundary.split(source_text))
    return tuple(part for part in parts if part)
