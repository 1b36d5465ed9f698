"""What makes a digest a Russian one: letters, heading, sentences, and no leftovers of a template.

The rules are those of the RU localisation checklist of Epic 23.
"""

import re

from day23.domain.russian_text import cyrillic_share, sentences
from day23.domain.telegram_noise import without_headings

MINIMUM_RUSSIAN_SHARE = 0.5
"""A text is Russian when most of its letters are; brand and product names may be Latin."""

MINIMUM_SENTENCES = 3
"""Russian sentences of a full digest; fewer need a stated reason."""

_HEADING = re.compile(r"^#{1,6} +(\S.*)$", re.MULTILINE)
_LINE_START = r"^[\s#>*_\-–—•\d.)]*"
_BOILERPLATE = re.compile(
    _LINE_START + r"(?:(?:here(?:'s| is| are)|below is|sure[,!]|certainly[,!]|of course[,!]|as an ai\b"
    r"|i'm sorry|in (?:summary|conclusion|short)\b|to (?:summarize|sum up)\b|overall,"
    r"|note that\b|please note\b)"
    r"|(?:summary|digest|key (?:points|takeaways)|highlights|main (?:points|topics)|tl;?dr|topics?|conclusion"
    r"|translation|translated(?: from| by)?|source|post \d+|title|bullet(?: point)?s?)\s*[:*—–-]"
    r"|lorem ipsum\b)",
    re.IGNORECASE | re.MULTILINE,
)
_PLACEHOLDER = re.compile(
    r"\{\{?\s*\w+\s*\}?\}|<(?:insert|your|channel|summary|title)[^>\n]*>|\[(?:insert|your)[^\]\n]*\]",
    re.IGNORECASE,
)


def foreign_share_problem(text: str) -> str | None:
    """Say that a text is not Russian; None when most of its letters are Cyrillic."""
    share = cyrillic_share(text)
    if share >= MINIMUM_RUSSIAN_SHARE:
        return None
    return f"is not Russian: {share:.0%} of its letters are Cyrillic, at least half must be"


def heading_problem(markdown: str) -> str | None:
    """Say that a Markdown text does not begin with a Russian heading."""
    first = next((line for line in markdown.splitlines() if line.strip()), "")
    found = _HEADING.fullmatch(first.strip())
    if found and cyrillic_share(found.group(1)) >= MINIMUM_RUSSIAN_SHARE:
        return None
    return "does not begin with a Russian heading (## …)"


def boilerplate_problem(text: str) -> str | None:
    """Say which words of a template or of an English answer were left in a text."""
    found = _BOILERPLATE.search(text) or _PLACEHOLDER.search(text)
    return f"has untranslated boilerplate: {found.group().strip()!r:.60}" if found else None


def russian_sentences(markdown: str) -> int:
    """Count the Russian sentences of a Markdown text, headings left out.

    Example:
        >>> russian_sentences("## Главное\\n\\n- Рубль вырос. Завтра снег.\\n- OpenAI ships GPT")
        2
    """
    found = sentences(without_headings(markdown))
    return sum(cyrillic_share(sentence) >= MINIMUM_RUSSIAN_SHARE for sentence in found)
