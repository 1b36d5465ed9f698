"""A post of a channel, as far as the dataset needs it."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Post:
    """One post with text.

    Attributes:
        post_id: The message id inside its channel.
        posted_at: Time of publication, tz-aware UTC.
        text: The text without its markup; of a poll its question and answers.
        forwarded_from: Whose words these are, as Telegram names the author; None for the channel's own.
    """

    post_id: int
    posted_at: datetime
    text: str
    forwarded_from: str | None = None

    @property
    def day(self) -> date:
        """The UTC day it belongs to."""
        return self.posted_at.astimezone(UTC).date()


def has_visible_text(text: str) -> bool:
    """Tell whether a text has anything to see; blanks, zero-width and control characters are not."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def by_day(posts: Iterable[Post]) -> Mapping[date, tuple[Post, ...]]:
    """Return the posts of each UTC day that has any, in order of time, then id."""
    days: defaultdict[date, list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: (post.posted_at, post.post_id)):
        days[post.day].append(post)
    return {day: tuple(found) for day, found in days.items()}
