"""What seeding and auditing the dataset need beside MongoDB and the chat model."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from day23.domain.post import Post, by_day
from day23.domain.window import Window

WEB = "web"
"""The source that is no folder but public preview pages; a folder of that name is written `./web`."""


@dataclass(frozen=True, slots=True)
class MessageCounts:
    """What became of every message read; the other numbers add up to `read`."""

    read: int = 0
    used: int = 0
    outside_window: int = 0
    without_text: int = 0
    service: int = 0
    duplicates: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """An export file that could not be used, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class RejectedMessage:
    """A message that could not be used: where it stands, and what is wrong with it."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelPosts:
    """The posts of one channel inside a window, a day at a time, and the account of what was read.

    Attributes:
        days: Days that have posts with text, oldest first.
        posts_of: Returns the posts of one of these days, by time.
        notes: What a person should know about them: renamings, times without a zone.
        rejections: Returns the messages that could not be used.
    """

    channel: str
    days: tuple[date, ...]
    posts_of: Callable[[date], tuple[Post, ...]]
    counts: MessageCounts = field(default_factory=MessageCounts)
    skipped_files: tuple[SkippedFile, ...] = ()
    notes: tuple[str, ...] = ()
    rejections: Callable[[], Iterable[RejectedMessage]] = tuple

    @property
    def posts(self) -> Iterator[Post]:
        """All posts of the window by time, one day in memory at once."""
        return (post for day in self.days for post in self.posts_of(day))


def held_posts(
    channel: str,
    posts: Iterable[Post],
    counts: MessageCounts | None = None,
    skipped_files: tuple[SkippedFile, ...] = (),
) -> ChannelPosts:
    """Return posts that are held in memory."""
    days = by_day(posts)
    return ChannelPosts(
        channel, tuple(days), days.__getitem__, counts or MessageCounts(), skipped_files=skipped_files
    )


class PostSource(Protocol):
    """Where real posts come from."""

    def channels(self) -> tuple[str, ...]:
        """Return the canonical names of the channels there are, sorted."""
        ...

    def newest_post(self) -> datetime | None:
        """Return the time of the last post with text over all channels; None when there is none."""
        ...

    def read(self, channel: str, window: Window) -> ChannelPosts:
        """Read the posts of one channel.

        Raises:
            ToolkitError: A file cannot be used.
        """
        ...


class TextFiles(Protocol):
    """A folder of small artefacts that people and programs read."""

    def write(self, name: str, content: str) -> Path:
        """Replace one file durably, all or nothing; return its path."""
        ...

    def read(self, name: str) -> str | None:
        """Return the content of one file; None when there is none."""
        ...
