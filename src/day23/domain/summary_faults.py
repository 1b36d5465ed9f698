"""Faults that a Russian summary must not have, each found by a measure of its own.

The bounds were chosen on the labelled days of the tests; `benchmarks/summary_faults.py` prints how many
spoiled summaries each measure catches there and how many sound ones it lets pass.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from day23.domain.quality import order_kept
from day23.domain.russian_text import (
    content_stems,
    cyrillic_share,
    numbers,
    sentences,
    without_hashtags,
    words,
)
from day23.domain.telegram_noise import without_headings, without_noise

FEWEST_CYRILLIC = 0.5
MOST_OF_SOURCE = 0.9
LEAST_ORDER = 0.9
FEWEST_SENTENCES_OF_SOURCE = 4
FEWEST_STEMS_OF_A_POST = 5
MOST_STEMS_OF_A_POST = 20
LEAST_OF_A_POST = 0.15
FEWEST_ITEMS = 3

_ITEM = re.compile(r"\s*(?:[-—–•*]|\d{1,2}[.)]|\d\ufe0f?\u20e3)\s*\S")


class Fault(StrEnum):
    """What can be wrong with a summary."""

    INVENTED_NUMBER = "invented number"
    DROPPED_TOPIC = "dropped topic"
    WRONG_LANGUAGE = "wrong language"
    COPIED_SOURCE = "copied source"
    SHUFFLED = "shuffled sentences"


def faults(posts: Sequence[str], summary: str) -> frozenset[Fault]:
    """Return the faults of a summary of `posts`."""
    told = without_headings(summary)
    return frozenset(fault for fault, has in _CHECKS.items() if has(posts, told))


def spoil(posts: Sequence[str], summary: str, fault: Fault, seed: int) -> str:
    """Return the summary with a fault put into it.

    Args:
        summary: A sound one: a list of at least two bullets.
        seed: Where and how; the same seed spoils the same way.
    """
    # Not for secrets: a fault that must come out the same again.
    return _SPOILERS[fault](posts, summary, random.Random(seed))  # noqa: S311  # nosec B311


def _invents(posts: Sequence[str], told: str) -> bool:
    return not set(numbers(told)) <= set(numbers("\n".join(posts)))


def _drops(posts: Sequence[str], told: str) -> bool:
    mentioned = frozenset(content_stems(told))
    topics = [topic for post in without_noise(posts) if not _only_asks(post) for topic in _topics(post)]
    telling = [frozenset(content_stems(topic)) for topic in topics]
    weighty = [stems for stems in telling if len(stems) >= FEWEST_STEMS_OF_A_POST]
    return any(
        len(stems & mentioned) < LEAST_OF_A_POST * min(len(stems), MOST_STEMS_OF_A_POST) for stems in weighty
    )


def _topics(post: str) -> list[str]:
    """Return the items of a post that is a list, else the post."""
    items = [line for line in post.splitlines() if _ITEM.match(line)]
    return items if len(items) >= FEWEST_ITEMS else [post]


def _only_asks(post: str) -> bool:
    """Tell whether a post is a question to its readers, which a summary need not repeat."""
    return all(sentence.rstrip().endswith("?") for sentence in sentences(without_hashtags(post)))


def _speaks_otherwise(_posts: Sequence[str], told: str) -> bool:
    return any(
        cyrillic_share(sentence) < FEWEST_CYRILLIC for sentence in sentences(told) if len(words(sentence)) > 2
    )


def _copies(posts: Sequence[str], told: str) -> bool:
    source = "\n".join(posts)
    if len(sentences(source)) < FEWEST_SENTENCES_OF_SOURCE:
        return False
    return len(words(told)) > MOST_OF_SOURCE * len(words(source))


def _is_shuffled(posts: Sequence[str], told: str) -> bool:
    return order_kept(posts, told) < LEAST_ORDER


_CHECKS: Mapping[Fault, Callable[[Sequence[str], str], bool]] = {
    Fault.INVENTED_NUMBER: _invents,
    Fault.DROPPED_TOPIC: _drops,
    Fault.WRONG_LANGUAGE: _speaks_otherwise,
    Fault.COPIED_SOURCE: _copies,
    Fault.SHUFFLED: _is_shuffled,
}

_ENGLISH = (
    "The city council approved the new budget after a long debate.",
    "Engineers fixed the water supply late in the evening.",
    "The library opened again and readers are welcome.",
)


def _with_a_number(posts: Sequence[str], summary: str, source: random.Random) -> str:
    known, bullets = set(numbers("\n".join(posts))), _bullets(summary)
    invented = next(
        number for number in iter(lambda: str(source.randrange(13, 997)), "") if number not in known
    )
    place = source.randrange(len(bullets))
    bullets[place] = f"{bullets[place].rstrip('.')}, всего {invented}."
    return "\n".join(bullets)


def _without_a_topic(_posts: Sequence[str], summary: str, source: random.Random) -> str:
    """Drop a bullet and those that share two stems with it, for they tell of the same."""
    bullets = _bullets(summary)
    dropped = frozenset(content_stems(bullets[source.randrange(len(bullets))]))
    return "\n".join(bullet for bullet in bullets if len(dropped.intersection(content_stems(bullet))) < 2)


def _in_english(_posts: Sequence[str], summary: str, source: random.Random) -> str:
    bullets = _bullets(summary)
    bullets[source.randrange(len(bullets))] = f"- {source.choice(_ENGLISH)}"
    return "\n".join(bullets)


def _whole_source(posts: Sequence[str], _summary: str, _source: random.Random) -> str:
    return "\n\n".join(posts)


def _in_another_order(_posts: Sequence[str], summary: str, source: random.Random) -> str:
    bullets = _bullets(summary)
    shuffled = list(bullets)
    while shuffled == bullets:
        source.shuffle(shuffled)
    return "\n".join(shuffled)


def _bullets(summary: str) -> list[str]:
    return [line for line in summary.splitlines() if line.strip()]


_SPOILERS: Mapping[Fault, Callable[[Sequence[str], str, random.Random], str]] = {
    Fault.INVENTED_NUMBER: _with_a_number,
    Fault.DROPPED_TOPIC: _without_a_topic,
    Fault.WRONG_LANGUAGE: _in_english,
    Fault.COPIED_SOURCE: _whole_source,
    Fault.SHUFFLED: _in_another_order,
}
