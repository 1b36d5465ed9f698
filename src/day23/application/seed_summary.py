"""What a seed did, as evidence files and callers read it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from day23.application.dataset_ports import RejectedMessage
from day23.domain.errors import ToolkitError
from day23.domain.window import Window


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class DocumentCounts(_Part):
    """What became of the documents wanted; `planned = stored + unchanged + rejected` always holds.

    `replaced` of the stored ones stand where synthetic ones stood before real posts arrived.
    """

    planned: int
    stored: int
    unchanged: int
    rejected: int
    replaced: int = 0


class PostCounts(_Part):
    """What became of the messages read; `read` is the sum of the others."""

    read: int = 0
    used: int = 0
    outside_window: int = 0
    without_text: int = 0
    service: int = 0
    duplicates: int = 0
    rejected: int = 0


class StoredCounts(_Part):
    """Documents of the window found in MongoDB after the seed."""

    digests: int
    review_reports: int
    telegram: int
    synthetic: int


class ChannelCount(StoredCounts):
    """One channel of `channel_counts.json`."""

    channel: str


class ChannelCounts(_Part):
    """The content of `channel_counts.json`: what the window holds, channel by channel."""

    generated_at: AwareDatetime
    window_days: int
    window_start: AwareDatetime
    window_end: AwareDatetime
    channels: tuple[ChannelCount, ...]


class Rejection(_Part):
    """A document that broke a rule and was not stored."""

    channel: str
    collection: str
    day: date
    problems: tuple[str, ...]


class ChannelSummary(_Part):
    """One channel of a seed."""

    channel: str
    posts: PostCounts
    digests: DocumentCounts
    review_reports: DocumentCounts
    stored: StoredCounts
    short_days: tuple[date, ...]


class SeedSummary(_Part):
    """A finished seed.

    Attributes:
        window_start: First day.
        window_end: First midnight that is outside.
        notes: What a person should know: skipped files, channels without posts in the window.
        rejects: The reject file: one JSON line per message and document that was refused, and why.
        documents: Stored documents of the window, whoever stored them.
        content_sha256_xor: Over them, as in `dataset_audit.json`; empty in summaries older than it.
        synthetic_seed: What the synthetic posts of a day were drawn by.
    """

    window_start: datetime
    window_end: datetime
    channels: tuple[ChannelSummary, ...]
    rejected: tuple[Rejection, ...]
    skipped_files: tuple[dict[str, str], ...]
    notes: tuple[str, ...]
    snapshot: Path
    rejects: Path | None = None
    duration_seconds: float
    trace_id: str
    documents: int = 0
    content_sha256_xor: str = ""
    synthetic_seed: str = ""

    @property
    def changed(self) -> bool:
        """Whether anything was stored."""
        return any(channel.digests.stored or channel.review_reports.stored for channel in self.channels)

    def raise_rejections(self) -> None:
        """Raise when a document was refused.

        Raises:
            ToolkitError: Names channel, day and the rule broken by the first one.
        """
        if self.rejected:
            first = self.rejected[0]
            raise ToolkitError(
                f"{len(self.rejected)} documents break the dataset's rules and were not stored, "
                f"the first: {first.problems[0]}",
                where=f"{first.channel}, {first.day}; all of them: {self.rejects}",
                next_step="leave that channel out with --channels, or correct its export",
            )

    @property
    def window(self) -> Window:
        """The days covered."""
        return Window(self.window_start, self.window_end)


def reject_lines(
    messages: Iterable[tuple[str, RejectedMessage]], documents: Iterable[Rejection]
) -> Iterator[str]:
    """Yield the lines of the reject file.

    Args:
        messages: Channel and message, for those that could not be read.
        documents: Those that broke a rule of the dataset.
    """
    for channel, message in messages:
        yield _line(kind="message", channel=channel, place=message.place, problems=[message.reason])
    for document in documents:
        yield _line(kind="document", **document.model_dump(mode="json"))


def _line(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"


def channel_counts_json(channels: Sequence[ChannelSummary], window: Window, generated_at: datetime) -> str:
    """Return the content of `channel_counts.json`."""
    counts = ChannelCounts(
        generated_at=generated_at,
        window_days=len(window.days),
        window_start=window.start,
        window_end=window.end,
        channels=tuple(ChannelCount(channel=item.channel, **item.stored.model_dump()) for item in channels),
    )
    return counts.model_dump_json(indent=2) + "\n"
