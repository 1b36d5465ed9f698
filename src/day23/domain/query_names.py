"""Which metrics and labels a PromQL expression names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN = re.compile(
    r"(?P<text>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    r"|(?P<range>\[[^\]]*\])"
    r"|(?P<number>(?<![\w:.])(?:\d[\w.]*|\.\d+))"
    r"|(?P<variable>\$\{?\w+\}?)"
    r"|(?P<word>[A-Za-z_:][\w:]*)"
    r"|(?P<sign>[^\s])"
)
_LABEL_LISTS: Final = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_KEYWORDS: Final = _LABEL_LISTS | {
    "and",
    "or",
    "unless",
    "offset",
    "bool",
    "inf",
    "nan",
    "atan2",
    "start",
    "end",
}
_FAMILY_PARTS = ("_bucket", "_sum", "_count")


@dataclass(frozen=True, slots=True)
class QueryNames:
    """What an expression names.

    Attributes:
        metrics: In the order of their first occurrence.
        matched: Metric and label of every matcher.
        grouped: Labels that aggregations and vector matching name, of whichever metric.
    """

    metrics: tuple[str, ...]
    matched: tuple[tuple[str, str], ...]
    grouped: tuple[str, ...]


class _Reader:
    """Walks over the tokens and keeps which bracket it is in: `{` matchers, `(` any, `l` a label list."""

    def __init__(self) -> None:
        self.metrics = dict[str, None]()
        self.matched = list[tuple[str, str]]()
        self.grouped = list[str]()
        self._inside = ""
        self._metric = ""
        self._labels_follow = False

    def take(self, token: re.Match[str], following: str) -> None:
        """Read one token; `following` is the text of the next."""
        text = token[0]
        if text in "{(":
            self._inside += "{" if text == "{" else "l" if self._labels_follow else "("
            self._labels_follow = False
        elif text in "})":
            self._inside = self._inside[:-1]
        elif token.lastgroup == "word":
            self._word(text, following)

    def _word(self, word: str, following: str) -> None:
        if self._inside.endswith("{"):
            self.matched += [(self._metric, word)] if following[:1] in ("=", "!") else []
        elif self._inside.endswith("l"):
            self.grouped.append(word)
        elif word.lower() in _KEYWORDS:
            self._labels_follow = word.lower() in _LABEL_LISTS
        elif following not in ("(", "by", "without"):
            self._metric = word
            self.metrics[word] = None


def names_in(expression: str) -> QueryNames:
    """Return the names of an expression that Prometheus would accept; of another, what can be seen.

    Example:
        >>> names_in('sum by (job) (rate(up{instance="a"}[5m])) > 0')
        QueryNames(metrics=('up',), matched=(('up', 'instance'),), grouped=('job',))
    """
    tokens = [found for found in _TOKEN.finditer(expression) if found.lastgroup not in ("text", "range")]
    reader = _Reader()
    for place, token in enumerate(tokens):
        reader.take(token, tokens[place + 1][0] if place + 1 < len(tokens) else "")
    return QueryNames(tuple(reader.metrics), tuple(reader.matched), tuple(reader.grouped))


def families_of(metric: str) -> Iterator[str]:
    """Return the families that a series' name may belong to: itself, and the histogram it is a part of."""
    yield metric
    yield from (metric.removesuffix(part) for part in _FAMILY_PARTS if metric.endswith(part))
