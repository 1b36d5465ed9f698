"""The simplest summaries there are; what a digest must beat."""

from collections.abc import Sequence

from day23.domain.lexrank import centrality, similarity
from day23.domain.russian_text import content_stems, sentences

SENTENCES = 5
"""The fewest sentences of an extractive digest of ours, too."""

LEAD_SENTENCES = 3


def lexrank_plain(posts: Sequence[str]) -> str:
    """Return the most central sentences, in order of the source; no noise, repetition or position known."""
    found = [sentence for post in posts for sentence in sentences(post) if content_stems(sentence)]
    if not found:
        return ""
    scores = centrality(similarity([content_stems(sentence) for sentence in found]), [1.0] * len(found))
    best = sorted(range(len(found)), key=lambda position: (-scores[position], position))[:SENTENCES]
    return _listed([found[position] for position in sorted(best)])


def lead(posts: Sequence[str]) -> str:
    """Return the day's first three sentences (LEAD-3)."""
    return _listed([sentence for post in posts for sentence in sentences(post)][:LEAD_SENTENCES])


def _listed(chosen: Sequence[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in chosen)
