"""Accounts of what was sent before, during and after the disruption: log lines and writes.

Three outcomes per item: acknowledged (it must exist), refused, undecided (it may exist, but never twice).
Source: the counting rules of etcd's robustness tests and of Jepsen.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from day23.domain.restart.snapshot import Part

SHOWN = 20
"""How many sequence numbers an account lists; it counts all of them."""


class Account(Part):
    """What became of one ledger.

    Attributes:
        sent: Items that were noted in the ledger before they were sent.
        acknowledged: Items whose receipt was confirmed.
        missing: Acknowledged items that are not there.
        doubled: Items that are there more than once, all surplus copies counted.
        undecided: Items neither acknowledged nor found.
        examples: The first sequence numbers that are missing or doubled.
    """

    sent: int
    acknowledged: int
    missing: int
    doubled: int
    undecided: int
    examples: tuple[int, ...] = ()


def settle(sent: Collection[int], acknowledged: Collection[int], found: Iterable[int]) -> Account:
    """Compare a ledger with what is stored.

    Args:
        sent: Sequence numbers in the ledger.
        acknowledged: Those whose receipt was confirmed.
        found: Sequence numbers as read back, as often as each was there.

    Example:
        >>> settle([1, 2, 3], [1, 2], [1, 1]).missing
        1
    """
    copies = Counter(found)
    missing = sorted(set(acknowledged) - copies.keys())
    doubled = sorted(number for number, times in copies.items() if times > 1)
    undecided = set(sent) - set(acknowledged) - copies.keys()
    return Account(
        sent=len(sent),
        acknowledged=len(acknowledged),
        missing=len(missing),
        doubled=sum(copies[number] - 1 for number in doubled),
        undecided=len(undecided),
        examples=tuple([*missing, *doubled][:SHOWN]),
    )


class Load(Part):
    """How much was sent per second in the three parts of the run; None where nothing could be."""

    before: float
    during: float | None
    after: float | None

    def lightest(self) -> float:
        """Return the smallest of the rates."""
        return min(rate for rate in (self.before, self.during, self.after) if rate is not None)


def load(moments: Iterable[float], edges: tuple[float, float, float, float], has_during: bool = True) -> Load:
    """Return the rates of a ledger.

    Args:
        moments: When each item was sent, on one clock.
        edges: Start of the ledger, stop, everything ready again (the end where it never was), end; on the
            same clock.
        has_during: Whether the sender was there during the disruption; it dies with a host.
    """
    start, stop, ready, end = edges
    known = list(moments)
    during = _rate(known, stop, ready) if has_during else None
    after = _rate(known, ready, end) if ready < end else None
    return Load(before=_rate(known, start, stop), during=during, after=after)


def _rate(moments: Iterable[float], start: float, end: float) -> float:
    inside = sum(1 for moment in moments if start <= moment < end)
    return inside / (end - start) if end > start else 0.0
