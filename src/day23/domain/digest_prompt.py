"""The prompts of the toolkit: how posts and review passes are put to a model, and read back.

The system message is the instruction; the user message is a head of three lines and the sections, each
below a marker line. The seed and the benchmark build prompts here; the extractive model parses them here.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from day23.domain.channel import handle
from day23.domain.russian_text import clean
from day23.domain.summarisation import DIGEST_HEADING

PROMPT_VERSION = "benchmark-2025-11-v1"
REVIEW_HEADING = "## Итог рецензии"

_RULES = (
    "Пиши по-русски, в Markdown. Начни с заголовка «{heading}», дальше — маркированный список в порядке "
    "источника, законченными предложениями. Сохраняй числа, имена и ссылки. Не повторяйся и не добавляй "
    "того, чего нет в источнике."
)
DIGEST_INSTRUCTION = (
    "Ты редактор дайджеста Telegram-канала. Перескажи главное за день по сообщениям канала. "
    + _RULES.format(heading=DIGEST_HEADING)
    + " Рекламу и призывы подписаться пропускай."
)
REVIEW_INSTRUCTION = (
    "Ты редактор рецензий. Сведи проходы рецензии на дайджест в один вывод: что хорошо, что пропущено, "
    "что исправить. " + _RULES.format(heading=REVIEW_HEADING)
)
USER_TEMPLATE = "Канал: {channel}\nДень: {day}\n{plural}: {count}\n\n{sections}\n"
MARKER_TEMPLATE = "=== {singular} {number} ==="


class PromptKind(StrEnum):
    """What the sections of a prompt are."""

    DIGEST = "digest"
    REVIEW = "review"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The two messages of a chat request."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class ParsedPrompt:
    """What a user message asks to be summarised."""

    kind: PromptKind
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    instruction: str
    singular: str
    plural: str


_FORMS = {
    PromptKind.DIGEST: _Form(DIGEST_INSTRUCTION, "СООБЩЕНИЕ", "Сообщений"),
    PromptKind.REVIEW: _Form(REVIEW_INSTRUCTION, "ПРОХОД", "Проходов"),
}
_MARKER = re.compile(r"^(\\*)=== (СООБЩЕНИЕ|ПРОХОД) \d+ ===$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n\s*\n")
_POST_TITLE = re.compile(r"^Пост \d+$", re.MULTILINE)

TEMPLATE_SHA256 = hashlib.sha256(
    "\n".join((DIGEST_INSTRUCTION, REVIEW_INSTRUCTION, USER_TEMPLATE, MARKER_TEMPLATE)).encode()
).hexdigest()
"""Identifies the wording; stored beside results, so that runs with other prompts are not compared."""


def build_digest_prompt(channel: str, day: date, posts: Sequence[str]) -> Prompt:
    """Return the prompt for the digest of one channel and day.

    Args:
        channel: With or without `@`.
        day: The UTC day.
        posts: The texts, in order of time.
    """
    return _build(PromptKind.DIGEST, channel, day, posts)


def build_review_prompt(channel: str, day: date, passes: Sequence[str]) -> Prompt:
    """Return the prompt for the synthesis of a multi-pass review, one text per pass."""
    return _build(PromptKind.REVIEW, channel, day, passes)


def _build(kind: PromptKind, channel: str, day: date, sections: Sequence[str]) -> Prompt:
    form = _FORMS[kind]
    marked = (_marked(form.singular, number, text) for number, text in enumerate(sections, start=1))
    user = USER_TEMPLATE.format(
        channel=handle(channel),
        day=day.isoformat(),
        plural=form.plural,
        count=len(sections),
        sections="\n".join(marked),
    )
    return Prompt(form.instruction, user)


def _marked(singular: str, number: int, text: str) -> str:
    """Return the section below its marker; a line of the text that looks like a marker is escaped."""
    escaped = _MARKER.sub(lambda found: "\\" + found.group(), clean(text).strip())
    return f"{MARKER_TEMPLATE.format(singular=singular, number=number)}\n{escaped}"


def parse_prompt(user: str) -> ParsedPrompt:
    """Return the sections of a user message; paragraphs where it has no markers.

    Example:
        >>> parse_prompt("Один абзац.\\n\\nДругой.").sections
        ('Один абзац.', 'Другой.')
    """
    text = clean(user)
    markers = [found for found in _MARKER.finditer(text) if not found.group(1)]
    if not markers:
        return ParsedPrompt(PromptKind.FREE, tuple(_filled(_PARAGRAPH.split(text))))
    kind = next(kind for kind, form in _FORMS.items() if form.singular == markers[0].group(2))
    ends = [*(marker.start() for marker in markers[1:]), len(text)]
    bodies = (text[marker.end() : end] for marker, end in zip(markers, ends, strict=True))
    return ParsedPrompt(kind, tuple(_MARKER.sub(_unescaped, body).strip() for body in bodies))


def _unescaped(found: re.Match[str]) -> str:
    return found.group().removeprefix("\\")


def posts_of_source(source_text: str) -> tuple[str, ...]:
    """Return the posts of an exported digest sample: what stands between its `Пост n` titles.

    An export repeats each post as summary and text; of equal lines in a post the first is kept.
    """
    posts = _POST_TITLE.split(clean(source_text))
    return tuple(_filled("\n".join(dict.fromkeys(post.split("\n"))) for post in posts))


def passes_of_source(source_text: str) -> tuple[str, ...]:
    """Return the passes of an exported review sample: its paragraphs."""
    return tuple(_filled(_PARAGRAPH.split(clean(source_text))))


def _filled(sections: Iterable[str]) -> Iterator[str]:
    return (section.strip() for section in sections if section.strip())
