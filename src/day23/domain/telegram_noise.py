"""What Telegram posts carry beside their news: advertising, subscribe footers, headings of our own."""

import re
from collections import Counter
from collections.abc import Sequence

from day23.domain.russian_text import clean, words

FOOTER_WORDS = 8
"""A longer line says something of its own even when it also asks to subscribe."""

FOOTER_REPEATS = 3
"""A short line found in so many posts of a day is a signature, whatever it says."""

_ADVERTISING = re.compile(
    r"#реклама|\berid\b|^\W*реклама(?:\s*$|[.:|])|\bо рекламодателе\b|\bрекламодатель:",
    re.IGNORECASE | re.MULTILINE,
)
_FOOTER = re.compile(
    r"подпи(?:сыва|саться|шись|шитесь)|\b(?:наш|резервный) (?:канал|чат|бот)\b"
    r"|^\W*(?:подписка|прис(?:ы|ла)|предложить новость|подробн(?:ее|ости)\b|читать\b|читайте\b"
    r"|перейти\b|переходи|жми|регистрац|регистрируй)",
    re.IGNORECASE,
)
_LABEL_WORDS = 2
_SENTENCE_MARK = re.compile(r"[.!?…\d]")
_TITLE = re.compile(r"^Пост \d+$")


def is_advertising(post: str) -> bool:
    """Tell whether the post is marked as paid for (`#реклама`, `Реклама.`, `erid`)."""
    return _ADVERTISING.search(clean(post)) is not None


def is_footer(line: str) -> bool:
    """Tell whether a line or sentence only asks to subscribe, to read on or to send news."""
    return _FOOTER.search(line) is not None and len(words(line)) <= FOOTER_WORDS


def is_link_row(line: str) -> bool:
    """Tell whether a line is a row of link labels, as in `📹 Видео | 💬 Чат`."""
    labels = line.split("|")
    return len(labels) > 1 and all(
        1 <= len(words(label)) <= _LABEL_WORDS and not _SENTENCE_MARK.search(label) for label in labels
    )


def without_noise(posts: Sequence[str]) -> tuple[str, ...]:
    """Return the posts in order, emptied of advertising, footers and repeated signatures.

    Positions are kept: a post of which nothing remains is an empty string.
    """
    signatures = _signatures(posts)
    return tuple("" if is_advertising(post) else _without_lines(post, signatures) for post in posts)


def _signatures(posts: Sequence[str]) -> frozenset[str]:
    seen = Counter(line for post in posts for line in {line.strip() for line in clean(post).split("\n")})
    return frozenset(
        line for line, count in seen.items() if count >= FOOTER_REPEATS and len(words(line)) <= FOOTER_WORDS
    )


def _without_lines(post: str, signatures: frozenset[str]) -> str:
    lines = (line.strip() for line in clean(post).split("\n"))
    return "\n".join(line for line in lines if line not in signatures and not _says_nothing(line))


def _says_nothing(line: str) -> bool:
    return is_footer(line) or is_link_row(line) or _TITLE.match(line) is not None


def without_headings(markdown: str) -> str:
    """Return a Markdown text without its headings, which are structure and say nothing of a day."""
    return "\n".join(line for line in markdown.splitlines() if not line.lstrip().startswith("#"))
