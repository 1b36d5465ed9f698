"""Raw samples of one target across a disruption: the hole, and whether scraping went on."""

from collections.abc import Sequence
from itertools import pairwise

from day23.domain.restart.snapshot import Part

CONSECUTIVE = 5
"""Samples in a row that prove that scraping goes on."""

SPACING = 1.5
"""How far apart they may be, in scrape intervals."""

Sample = tuple[float, float]
"""Unix seconds and the value of `up`."""


class Resumption(Part):
    """How one target came back.

    Attributes:
        last_before: The last good sample before the stop; None when there was none.
        first_after: The first good sample after target and Prometheus were ready; None without one.
        consecutive: Length of the longest evenly spaced run of good samples after that.
        hole_seconds: Longest distance between two good samples since the last one before the stop: the hole
            of an earlier disruption, which the samples may reach back to, is not this one's.
        hole_start: The good sample before it; None without a hole.
    """

    last_before: float | None
    first_after: float | None
    consecutive: int
    hole_seconds: float
    hole_start: float | None = None


def resumption(samples: Sequence[Sample], interval: float, stopped: float, ready: float) -> Resumption:
    """Return how scraping of one target went on.

    Args:
        samples: Raw samples in the order of time.
        interval: The target's scrape interval in seconds.
        stopped: When the disruption began, Unix seconds.
        ready: When target and Prometheus were ready again, Unix seconds.
    """
    good = [moment for moment, up in samples if up == 1]
    before = [moment for moment in good if moment <= stopped]
    after = [moment for moment in good if moment >= ready]
    start, end = longest_distance([*before[-1:], *(moment for moment in good if moment > stopped)])
    return Resumption(
        last_before=before[-1] if before else None,
        first_after=after[0] if after else None,
        consecutive=longest_run(after, interval),
        hole_seconds=end - start,
        hole_start=start if end > start else None,
    )


def longest_run(moments: Sequence[float], interval: float) -> int:
    """Return the length of the longest run without a missed scrape.

    Example:
        >>> longest_run([0, 2, 4, 9, 11], 2)
        3
    """
    longest = current = 1 if moments else 0
    for earlier, later in pairwise(moments):
        current = current + 1 if later - earlier <= SPACING * interval else 1
        longest = max(longest, current)
    return longest


def longest_distance(moments: Sequence[float]) -> tuple[float, float]:
    """Return the two neighbours that are farthest apart; twice 0 for fewer than two."""
    return max(pairwise(moments), key=lambda pair: pair[1] - pair[0], default=(0.0, 0.0))
