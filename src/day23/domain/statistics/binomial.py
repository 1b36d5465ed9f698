"""The binomial distribution, through logarithms so that large counts do not overflow."""

import math


def probability(successes: int, of: int, share: float) -> float:
    """Return how likely exactly so many successes are.

    Args:
        share: Probability of each, between 0 and 1, ends excluded.
    """
    ways = math.lgamma(of + 1) - math.lgamma(successes + 1) - math.lgamma(of - successes + 1)
    return math.exp(ways + successes * math.log(share) + (of - successes) * math.log1p(-share))
