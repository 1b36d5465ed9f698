"""Quality of a Russian summary, measured against its source: the one definition that all steps use.

Nothing here knows a threshold. All measures work on Snowball stems, so that inflection does not
count as a difference, and on the numbers, links and names of both texts. The meaning of words is out
of their reach: a paraphrase costs accuracy, a contradiction made of the source's words does not.

coverage         Share of the source's topic words that the summary mentions, each weighted by the
                 number of posts that hold it (after the topic-word measure of Louis and Nenkova,
                 "Automatically Assessing Machine Summary Content Without a Gold Standard", 2013).
                 Topic words: the tenth of the source's content stems, at least ten, that occur in most
                 posts; of equals those that fill the greater share of their posts' sentences. Counting
                 posts and shares, not sentences, keeps one long post from outvoting the rest of a day.
                 Advertising, signatures, requests to subscribe and repeated posts have no vote.
accuracy         facts * support. facts: share of the summary's numbers, links and names that the
                 source has, too (1 when it states none). support: share of its content stems that the
                 source has.
coherence        distinctness * (order + cohesion + completeness) / 3 over the different sentences.
                 order: share of sentence pairs in the source's order. cohesion: share of neighbours
                 where the second stands alone (no opening pronoun or connective) or shares a stem
                 with the first. completeness: share with a capital or digit first, a full stop or its
                 like last, and three words between.
informativeness  distinctness * brevity * min(1, density(summary) / density(source)). density: topic
                 words and numbers per word, sentences that only ask to subscribe counted as empty words.
                 brevity: 1 up to half of the source's length, falling evenly to 0 at all of it; 1 for
                 sources of up to three sentences.

distinctness is 1 less the mean over all sentences of the greatest share of content stems that a
sentence takes from one before it, where that share is at least one half.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

from day23.domain.russian_stop_words import BACK_REFERENCES
from day23.domain.russian_text import (
    content_stems,
    links,
    names,
    numbers,
    opening_word,
    sentences,
    stems,
    words,
)
from day23.domain.telegram_noise import is_footer, without_headings, without_noise

TOPIC_SHARE = 0.1
FEWEST_TOPIC_WORDS = 10
REPETITION = 0.5
SHORT_SOURCE = 3
FEWEST_WORDS = 3

_CLOSING = "»\"”')>"
_PARAGRAPH = re.compile(r"\n\s*\n")
_ADDRESS = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class QualityScores:
    """Four measures, each 0 (worst) to 1 (best)."""

    coverage: float
    accuracy: float
    coherence: float
    informativeness: float

    def as_dict(self) -> dict[str, float]:
        """Return the scores by the names that documents and scenarios use."""
        return {
            "coverage": self.coverage,
            "accuracy": self.accuracy,
            "coherence": self.coherence,
            "informativeness": self.informativeness,
        }


NOTHING = QualityScores(0.0, 0.0, 0.0, 0.0)
"""The scores of an empty summary, and of any summary of an empty source."""

DECIMALS = 6


def measure(source: str | Sequence[str], summary_markdown: str) -> QualityScores:
    """Score a summary against its source.

    Args:
        source: The posts or review passes, or one text whose paragraphs count as posts; repeated
            sentences count once.
        summary_markdown: The summary; headings (`#`) are structure and not scored.

    Returns:
        Finite scores, rounded to six decimals; all 0 when either text has no content words.

    Example:
        >>> measure("Доллар упал ниже 104 рублей.", "").coverage
        0.0
    """
    posts = _PARAGRAPH.split(source) if isinstance(source, str) else source
    told, summary = _Text(posts), _Text([without_headings(summary_markdown)])
    if not told.stems or not summary.stems:
        return NOTHING
    formulas: tuple[Callable[[_Text, _Text], float], ...] = (
        _coverage,
        _accuracy,
        _coherence,
        _informativeness,
    )
    return QualityScores(*(round(formula(told, summary), DECIMALS) for formula in formulas))


def order_kept(source: Sequence[str], summary: str) -> float:
    """Return the share of sentence pairs that follow the order of the source; 1 without pairs."""
    return _order(_Text(source), _Text([summary]).different_sentences)


class _Text:
    """A text with what the formulas ask of it, each computed when first asked."""

    def __init__(self, posts: Sequence[str]) -> None:
        self.posts = posts
        self.text = "\n".join(posts)
        self.every_sentence = [_Sentence(sentence) for sentence in sentences(self.text)]
        self.stems = frozenset(stem for sentence in self.every_sentence for stem in sentence.stems)

    @cached_property
    def different_sentences(self) -> "list[_Sentence]":
        """The first of each group of sentences with the same stems and numbers."""
        return _first_of_equals(self.every_sentence, set())

    @cached_property
    def topic_words(self) -> Counter[str]:
        """The stems that most posts hold, with how many; see the module's text for equals."""
        holding, filling = Counter[str](), Counter[str]()
        for post in _voting(self.posts):
            in_post = Counter(stem for sentence in post for stem in dict.fromkeys(sentence.ordered_stems))
            holding.update(in_post.keys())
            filling.update({stem: count / len(post) for stem, count in in_post.items()})
        ranked = sorted(holding, key=lambda stem: (-holding[stem], -round(filling[stem], DECIMALS)))
        most = max(FEWEST_TOPIC_WORDS, round(len(ranked) * TOPIC_SHARE))
        return Counter({stem: holding[stem] for stem in ranked[:most]})

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return (*numbers(self.text), *links(self.text))

    @cached_property
    def word_count(self) -> int:
        return sum(sentence.word_count for sentence in self.different_sentences)


class _Sentence:
    """A sentence and its content stems."""

    def __init__(self, text: str) -> None:
        self.text = _ADDRESS.sub("", text).strip()
        self.ordered_stems = content_stems(text)
        self.stems = frozenset(self.ordered_stems)
        self.numbers = numbers(text)

    @cached_property
    def word_count(self) -> int:
        return len(words(self.text)) + len(self.numbers)


def _voting(posts: Sequence[str]) -> "Iterator[list[_Sentence]]":
    """Yield the sentences of each post that says something new; all posts where there is only noise."""
    kept = [post for post in without_noise(posts) if content_stems(post)] or posts
    seen: set[tuple[str, ...]] = set()
    for post in kept:
        own = _first_of_equals([_Sentence(sentence) for sentence in sentences(post)], seen)
        if own:
            yield own


def _first_of_equals(of: "Iterable[_Sentence]", seen: set[tuple[str, ...]]) -> "list[_Sentence]":
    """Return the sentences that say what none before them said; remembers them in `seen`."""
    first = []
    for sentence in of:
        said = sentence.ordered_stems + sentence.numbers
        if said not in seen:
            seen.add(said)
            first.append(sentence)
    return first


def _coverage(source: _Text, summary: _Text) -> float:
    found = sum(weight for stem, weight in source.topic_words.items() if stem in summary.stems)
    return found / source.topic_words.total()


def _accuracy(source: _Text, summary: _Text) -> float:
    known_facts, known_stems = frozenset(source.facts), frozenset(stems(source.text))
    facts = [fact in known_facts for fact in summary.facts]
    facts += [name in known_stems for name in names(summary.text)]
    support = [stem in source.stems for sentence in summary.every_sentence for stem in sentence.ordered_stems]
    return _share(facts, empty=1.0) * _share(support, empty=0.0)


def _coherence(source: _Text, summary: _Text) -> float:
    different = summary.different_sentences
    order = _order(source, different)
    cohesion = _share((_cohere(first, second) for first, second in pairwise(different)), empty=1.0)
    completeness = _share((_is_complete(sentence) for sentence in different), empty=0.0)
    return _distinctness(summary) * (order + cohesion + completeness) / 3


def _order(source: _Text, different: Sequence[_Sentence]) -> float:
    """Return the share of sentence pairs that follow the source; sentences unknown to it don't count."""
    places = [_place(sentence, source.different_sentences) for sentence in different]
    known = [place for place in places if place is not None]
    return _share((first <= second for first, second in combinations(known, 2)), empty=1.0)


def _place(sentence: _Sentence, among: Sequence[_Sentence]) -> int | None:
    """Return the position of the sentence that shares most stems, the first of equals."""
    shares = [_likeness(sentence, other) for other in among]
    best = max(shares, default=0.0)
    return shares.index(best) if best > 0 else None


def _likeness(one: _Sentence, other: _Sentence) -> float:
    together = len(one.stems | other.stems)
    return len(one.stems & other.stems) / together if together else 0.0


def _cohere(first: _Sentence, second: _Sentence) -> bool:
    stands_alone = opening_word(second.text) not in BACK_REFERENCES
    return stands_alone or not first.stems.isdisjoint(second.stems)


def _is_complete(sentence: _Sentence) -> bool:
    start = sentence.text.lstrip("«\"“'(")[:1]
    ended = sentence.text.rstrip(_CLOSING).endswith((".", "!", "?", "…"))
    return (start.isupper() or start.isdigit()) and ended and sentence.word_count >= FEWEST_WORDS


def _distinctness(summary: _Text) -> float:
    every = summary.every_sentence
    return 1 - sum(_repeated(position, every) for position in range(len(every))) / len(every)


def _repeated(position: int, of: Sequence[_Sentence]) -> float:
    own = of[position].stems
    shares = (len(own & earlier.stems) / len(own) for earlier in of[:position] if own)
    greatest = max(shares, default=0.0)
    return greatest if greatest >= REPETITION else 0.0


def _informativeness(source: _Text, summary: _Text) -> float:
    own, possible = _density(source, summary), _density(source, source)
    dense = min(1.0, own / possible) if possible else 0.0
    return _distinctness(summary) * _brevity(source, summary) * dense


def _density(source: _Text, text: _Text) -> float:
    """Return the share of words that are topic words or numbers in sentences that say something."""
    saying = [sentence for sentence in text.every_sentence if not is_footer(sentence.text)]
    topical = sum(stem in source.topic_words for sentence in saying for stem in sentence.ordered_stems)
    counted = sum(len(sentence.numbers) for sentence in saying)
    return (topical + counted) / sum(sentence.word_count for sentence in text.every_sentence)


def _brevity(source: _Text, summary: _Text) -> float:
    if len(source.different_sentences) <= SHORT_SOURCE:
        return 1.0
    return max(0.0, min(1.0, 2 * (1 - summary.word_count / source.word_count)))


def _share(outcomes: Iterable[bool], *, empty: float) -> float:
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else empty
