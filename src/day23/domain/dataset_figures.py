"""What is stored of the dataset, as figures per channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """What one collection holds of one channel.

    Attributes:
        days: UTC days that have a document.
        quality: Mean score by metric; empty where nothing is scored.
    """

    collection: str
    channel: str
    documents: int
    newest: datetime
    days: frozenset[date]
    quality: Mapping[str, float] = field(default_factory=dict)


def days_missing(
    figures: Sequence[ChannelFigures], channel: str, days: Sequence[date], collections: Sequence[str]
) -> int:
    """Return on how many of `days` the channel lacks a document in any of the collections."""
    stored = {found.collection: found.days for found in figures if found.channel == channel}
    return sum(any(day not in stored.get(name, frozenset()) for name in collections) for day in days)
