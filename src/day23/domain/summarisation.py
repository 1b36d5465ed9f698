"""The extractive summary: the sentences that speak for a day, as a Russian Markdown digest."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from day23.domain.lexrank import centrality, diverse_order, similarity
from day23.domain.russian_stop_words import ADDRESSES, BACK_REFERENCES
from day23.domain.russian_text import (
    content_stems,
    links,
    numbers,
    opening_word,
    sentences,
    without_hashtags,
    without_links,
)
from day23.domain.telegram_noise import is_footer, without_noise
from day23.domain.token_count import count_tokens

DIGEST_HEADING = "## Главное за день"
NO_CONTENT = "Содержательных сообщений нет."

FEWEST_SENTENCES, MOST_SENTENCES = 5, 15
SENTENCES_PER_CHOICE = 3
"""Without a limit a digest keeps one sentence in three, at least 5, at most 15."""

FEWEST_TERMS, MOST_TERMS = 4, 45
"""Sentences with fewer content words and numbers are captions, with more no one reads them in a list."""

LARGEST_GRAPH = 600
"""More sentences than this are thinned out first, for time and memory grow with the square."""

LEAD_WEIGHT, BODY_WEIGHT, LEANING_WEIGHT = 1.0, 0.5, 0.2
"""Where a reader starts: at a post's first sentence, later, or where a pronoun refers back."""

_PARAGRAPH = re.compile(r"\n\s*\n")
_SPACE_BEFORE_MARK = re.compile(r"\s+([.,;:!?…])")
_LOOSE_END = " \t,;:—–-("
_CLOSING = "»\"”')"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may enter the digest.

    Attributes:
        terms: Its content stems and numbers, by which it is compared.
        weight: How likely a reader starts with it.
        link: The address that belongs to it; may be empty.
    """

    post: int
    text: str
    terms: tuple[str, ...]
    weight: float
    link: str


def summarise(
    source: str | Sequence[str],
    *,
    heading: str = DIGEST_HEADING,
    max_sentences: int | None = None,
    max_tokens: int | None = None,
) -> str:
    """Return a Markdown digest made of the source's own sentences, in the source's order.

    Args:
        source: The posts, or one text whose paragraphs count as posts.
        heading: First line of the digest.
        max_sentences: Most sentences to keep; by default one in three, 5 to 15.
        max_tokens: Most tokens (`token_count`) of the whole digest; one bullet is always kept.

    Returns:
        The heading and one bullet per post that has a chosen sentence, with the post's first link.

    Example:
        >>> print(summarise(["Доллар упал ниже 104 рублей.", "Подпишись!"]))
        ## Главное за день
        <BLANKLINE>
        - Доллар упал ниже 104 рублей.
    """
    posts = without_noise(_PARAGRAPH.split(source) if isinstance(source, str) else source)
    candidates = _thinned(_usable(_candidates(posts)))
    if not candidates:
        return f"{heading}\n\n- {NO_CONTENT}"
    limit = max_sentences or _default_limit(len(candidates))
    budget = math.inf if max_tokens is None else max_tokens - count_tokens(heading)
    return f"{heading}\n\n" + "\n".join(_bullets(_chosen(candidates, limit, budget)))


def _default_limit(available: int) -> int:
    return max(FEWEST_SENTENCES, min(MOST_SENTENCES, math.ceil(available / SENTENCES_PER_CHOICE)))


def _candidates(posts: Iterable[str]) -> Iterator[_Candidate]:
    for number, post in enumerate(posts):
        for position, (sentence, link) in enumerate(_with_links(post)):
            text = _finished(sentence)
            if text and not is_footer(text):
                terms = content_stems(text) + numbers(text)
                yield _Candidate(number, text, terms, _weight(text, position), link)


def _with_links(post: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence with the first link in or below its line, else the post's last one."""
    lines = post.split("\n")
    link = (links(post) or ("",))[-1]
    links_of_lines = []
    for line in reversed(lines):
        link = (links(line) or (link,))[0]
        links_of_lines.append(link)
    for line, link in zip(lines, reversed(links_of_lines), strict=True):
        yield from ((sentence, link) for sentence in sentences(line))


def _finished(sentence: str) -> str:
    """Return the sentence fit to stand alone, or nothing when it only announces a list."""
    text = without_hashtags(without_links(sentence))
    announces = sentence.rstrip().endswith(":")
    text = _SPACE_BEFORE_MARK.sub(r"\1", " ".join(text.split())).strip(_LOOSE_END)
    text = _balanced(text)
    if announces or not text:
        return ""
    end = "" if text.rstrip(_CLOSING).endswith((".", "!", "?", "…")) else "."
    return text[0].upper() + text[1:] + end


def _balanced(text: str) -> str:
    """Return the text without a quotation mark whose partner is in another sentence."""
    if text.count("«") > text.count("»"):
        text = text.replace("«", "", 1)
    elif text.count("»") > text.count("«"):
        text = "".join(text.rsplit("»", 1))
    return text.replace('"', "", 1) if text.count('"') == 1 else text


def _weight(text: str, position: int) -> float:
    if opening_word(text) in BACK_REFERENCES:
        return LEANING_WEIGHT
    return BODY_WEIGHT if position else LEAD_WEIGHT


def _usable(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Return the statements of a readable length; all sentences where there is none."""
    every = _first_of_equals(candidate for candidate in candidates if candidate.terms)
    readable = [one for one in every if FEWEST_TERMS <= len(one.terms) <= MOST_TERMS]
    return [one for one in readable if not _talks_to_readers(one.text)] or readable or every


def _talks_to_readers(sentence: str) -> bool:
    """Tell a question or an address (`Друзья, …`) from a statement; neither is news."""
    return sentence.rstrip(_CLOSING).endswith("?") or opening_word(sentence) in ADDRESSES


def _first_of_equals(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    kept: dict[tuple[str, ...], _Candidate] = {}
    for candidate in candidates:
        kept.setdefault(candidate.terms, candidate)
    return list(kept.values())


def _thinned(candidates: list[_Candidate]) -> list[_Candidate]:
    """Return at most `LARGEST_GRAPH` sentences spread over the whole, first sentences preferred."""
    if len(candidates) <= LARGEST_GRAPH:
        return candidates
    leads = [candidate for candidate in candidates if candidate.weight == LEAD_WEIGHT]
    pool = leads if len(leads) >= LARGEST_GRAPH else candidates
    return [pool[position * len(pool) // LARGEST_GRAPH] for position in range(LARGEST_GRAPH)]


def _chosen(candidates: list[_Candidate], limit: int, max_tokens: float) -> list[_Candidate]:
    """Return up to `limit` sentences, best first as long as tokens last, in the source's order."""
    likeness = similarity([candidate.terms for candidate in candidates])
    scores = centrality(likeness, [candidate.weight for candidate in candidates])
    chosen: list[int] = []
    used = 0
    for position in diverse_order(scores, likeness):
        cost = count_tokens(_bullet([candidates[position]]))
        if not chosen or used + cost <= max_tokens:
            chosen.append(position)
            used += cost
        if len(chosen) == limit:
            break
    return [candidates[position] for position in sorted(chosen)]


def _bullets(chosen: Sequence[_Candidate]) -> Iterator[str]:
    for _, of_post in groupby(chosen, key=lambda candidate: candidate.post):
        yield _bullet(list(of_post))


def _bullet(of_post: Sequence[_Candidate]) -> str:
    """Return one bullet; a link follows the last of the sentences that share it."""
    parts = []
    for sentence, following in zip_longest(of_post, of_post[1:]):
        parts.append(sentence.text)
        if sentence.link and (following is None or following.link != sentence.link):
            parts.append(f"<{sentence.link}>")
    return f"- {' '.join(parts)}"
