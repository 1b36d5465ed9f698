"""How near a summary is to a recorded one, for Russian: chrF and ROUGE on stems.

chrF: Popović, "chrF: character n-gram F-score for automatic MT evaluation" (WMT 2015), n-grams of 1 to 6
characters without whitespace, recall counted twice (beta 2), arithmetic means over the orders that both
texts can have. ROUGE: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), F1 of unigrams
and of the longest common subsequence, on Snowball stems: the usual package keeps Latin letters only and
scores Russian 0.
"""

from collections import Counter
from collections.abc import Sequence

from day23.domain.russian_text import stems
from day23.domain.telegram_noise import without_headings

LONGEST_NGRAM = 6
BETA = 2.0

CHRF, ROUGE_1, ROUGE_L = "chrf", "rouge_1", "rouge_l"
OVERLAPS = (CHRF, ROUGE_1, ROUGE_L)


def overlap(summary: str, reference: str) -> dict[str, float]:
    """Return chrF and both ROUGE scores, each 0 to 1; headings do not count."""
    mine, other = without_headings(summary), without_headings(reference)
    own, wanted = stems(mine), stems(other)
    return {
        CHRF: chrf(mine, other),
        ROUGE_1: _f1((Counter(own) & Counter(wanted)).total(), len(own), len(wanted)),
        ROUGE_L: _f1(_longest_common(own, wanted), len(own), len(wanted)),
    }


def chrf(summary: str, reference: str) -> float:
    """Return the character n-gram F-score, 0 to 1.

    Example:
        >>> chrf("снег", "снег")
        1.0
    """
    mine, other = "".join(summary.split()), "".join(reference.split())
    orders = range(1, min(LONGEST_NGRAM, len(mine), len(other)) + 1)
    if not orders:
        return 0.0
    found = [_shared(mine, other, order) for order in orders]
    precision = sum(shared / count for shared, count, _ in found) / len(found)
    recall = sum(shared / count for shared, _, count in found) / len(found)
    if not precision and not recall:
        return 0.0
    return (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def _shared(mine: str, other: str, order: int) -> tuple[int, int, int]:
    """Return how many n-grams are shared, and how many each text has."""
    own, wanted = _ngrams(mine, order), _ngrams(other, order)
    return (own & wanted).total(), own.total(), wanted.total()


def _ngrams(text: str, order: int) -> Counter[str]:
    return Counter(text[start : start + order] for start in range(len(text) - order + 1))


def _f1(shared: int, own: int, wanted: int) -> float:
    return 2 * shared / (own + wanted) if own + wanted else 0.0


def _longest_common(own: Sequence[str], wanted: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, in one row of memory."""
    row = [0] * (len(wanted) + 1)
    for stem in own:
        diagonal = 0
        for place, other in enumerate(wanted, start=1):
            above = row[place]
            row[place] = diagonal + 1 if stem == other else max(above, row[place - 1])
            diagonal = above
    return row[-1]
