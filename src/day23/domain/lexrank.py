"""LexRank: which sentences speak for the whole text, and MMR: which of them say something new.

Erkan and Radev, "LexRank: Graph-based Lexical Centrality as Salience in Text Summarization",
JAIR 22 (2004), continuous form; the jump vector is biased as in Otterbacher, Erkan and Radev,
"Using Random Walks for Question-focused Sentence Retrieval" (2005). MMR: Carbonell and Goldstein,
"The Use of MMR" (SIGIR 1998).
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

DAMPING = 0.85
"""Probability of following a similarity instead of jumping; the value of the LexRank paper."""

ITERATIONS = 60
"""Fixed, so that every machine stops at the same place: 0.85 ** 60 leaves an error below 1e-4."""

DECIMALS = 9
"""Scores are compared rounded: sums differ in the last bits between processors."""

RELEVANCE = 0.7
"""MMR's lambda: the weight of a sentence's own score against its likeness to those chosen."""

SAME_CONTENT = 0.6
"""Cosine from which a sentence is held to repeat one already chosen."""

Matrix = NDArray[np.float64]


def similarity(sentences: Sequence[Sequence[str]]) -> Matrix:
    """Return the cosine of the TF-IDF vectors of every two sentences.

    Summed term by term: most terms occur in one sentence, and a matrix product would be spread over
    all cores and add up in another order on each processor.

    Args:
        sentences: The stems of each sentence; may be empty.

    Returns:
        A symmetric n-by-n matrix, 0..1; ones on the diagonal where a sentence has stems.
    """
    count = len(sentences)
    cells: list[int] = []
    products: list[float] = []
    for holders in _holders(sentences).values():
        rarity = math.log1p(count / len(holders))
        weights = [(row, times * rarity) for row, times in holders.items()]
        for row, weight in weights:
            cells.extend(row * count + column for column, _ in weights)
            products.extend(weight * other for _, other in weights)
    flat = np.bincount(np.array(cells, dtype=np.intp), products, count * count)
    summed = flat.reshape(count, count)
    lengths = np.sqrt(np.diag(summed))
    lengths = np.where(lengths > 0, lengths, 1)
    cosines: Matrix = np.round(np.clip(summed / np.outer(lengths, lengths), 0, 1), DECIMALS)
    return cosines


def _holders(sentences: Sequence[Sequence[str]]) -> dict[str, dict[int, int]]:
    """Return, by stem, how often each sentence holds it."""
    holders: dict[str, dict[int, int]] = {}
    for row, stems in enumerate(sentences):
        for stem in stems:
            rows = holders.setdefault(stem, {})
            rows[row] = rows.get(row, 0) + 1
    return holders


def centrality(likeness: Matrix, prior: Sequence[float]) -> Matrix:
    """Return each sentence's share of a random walk over the similarities.

    As in the paper a sentence is similar to itself, so one that is like no other keeps its prior.

    Args:
        likeness: n-by-n matrix of `similarity`.
        prior: n positive weights of the jump: how likely a reader starts at that sentence.

    Returns:
        n scores, scaled so that the greatest is 1.
    """
    start = np.asarray(prior, dtype=np.float64)
    start = start / start.sum()
    rows = likeness.sum(axis=1, keepdims=True)
    step = np.where(rows > 0, likeness / np.where(rows > 0, rows, 1), start)
    walk = start
    for _ in range(ITERATIONS):
        walk = DAMPING * (walk[:, np.newaxis] * step).sum(axis=0) + (1 - DAMPING) * start
    scaled: Matrix = np.round(walk / walk.max(), DECIMALS)
    return scaled


def diverse_order(scores: Matrix, likeness: Matrix) -> Iterator[int]:
    """Yield positions, best first, each weighed against those before; repetitions are left out.

    Ties go to the earlier sentence.
    """
    nearest = np.zeros_like(scores)
    open_positions = np.ones(len(scores), dtype=bool)
    while open_positions.any():
        gain = np.round(RELEVANCE * scores - (1 - RELEVANCE) * nearest, DECIMALS)
        best = int(np.argmax(np.where(open_positions, gain, -np.inf)))
        yield best
        nearest = np.maximum(nearest, likeness[best])
        open_positions &= nearest < SAME_CONTENT
        open_positions[best] = False
