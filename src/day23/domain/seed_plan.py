"""Which documents a seed wants: one digest and one review report per channel and day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from day23.domain.benchmark_dataset import (
    DIGESTS,
    MINIMUM_POSTS,
    Provenance,
    document_id,
)
from day23.domain.post import Post
from day23.domain.synthetic_posts import NOON, synthetic_posts


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The material of one channel's day.

    Attributes:
        channel: Canonical name.
        posts: At least one, in order of time.
        provenance: Where the posts come from.
    """

    channel: str
    day: date
    posts: tuple[Post, ...]
    provenance: Provenance

    @property
    def digest_key(self) -> str:
        """`_id` of the digest."""
        return document_id(DIGESTS, self.channel, self.day)

    @property
    def created_at(self) -> datetime:
        """Time of the last real post; noon for synthetic ones."""
        if self.provenance == "synthetic":
            return datetime.combine(self.day, NOON)
        return self.posts[-1].posted_at

    @property
    def note(self) -> str | None:
        """Why the day has fewer posts than a full digest needs; None when it has enough."""
        if len(self.posts) >= MINIMUM_POSTS:
            return None
        return f"the channel published {len(self.posts)} of {MINIMUM_POSTS} posts with text on this day"


def plan_day(channel: str, day: date, posts: Iterable[Post]) -> DayPlan:
    """Return the plan of one day; without posts it gets synthetic ones."""
    real = tuple(sorted(posts, key=lambda post: (post.posted_at, post.post_id)))
    if real:
        return DayPlan(channel, day, real, "telegram")
    return DayPlan(channel, day, synthetic_posts(channel, day), "synthetic")
