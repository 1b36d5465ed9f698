"""What seeding and auditing the dataset need beside MongoDB and the chat model."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from day23.domain.post import Post
from day23.domain.window import Window


@dataclass(frozen=True, slots=True)
class MessageCounts:
    """What became of every message read; the other five numbers add up to `read`."""

    read: int = 0
    used: int = 0
    outside_window: int = 0
    without_text: int = 0
    service: int = 0
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """An export file that could not be used, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelPosts:
    """The posts of one channel inside a window, by time, and the account of what was read."""

    channel: str
    posts: tuple[Post, ...]
    counts: MessageCounts
    skipped_files: tuple[SkippedFile, ...] = ()


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
