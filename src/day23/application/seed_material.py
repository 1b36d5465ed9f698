"""What a seed works from: the window, the channels, their posts and the plan of every day."""

from dataclasses import dataclass
from datetime import datetime

from day23.application.dataset_ports import ChannelPosts, MessageCounts, PostSource, SkippedFile
from day23.application.dataset_window import seed_window
from day23.domain.channel import PRODUCT_OWNER_CHANNELS, canonical
from day23.domain.seed_plan import DayPlan, plan_days
from day23.domain.window import Window


@dataclass(frozen=True, slots=True)
class ChannelMaterial:
    """One channel's posts and what they are to become."""

    channel: str
    counts: MessageCounts
    plans: tuple[DayPlan, ...]
    skipped_files: tuple[SkippedFile, ...]

    @property
    def synthetic_days(self) -> int:
        """Days that have no real posts."""
        return sum(plan.provenance == "synthetic" for plan in self.plans)


@dataclass(frozen=True, slots=True)
class SeedMaterial:
    """All channels of a seed."""

    window: Window
    channels: tuple[ChannelMaterial, ...]


def gather_material(
    source: PostSource | None, channels: tuple[str, ...] | None, until: str | None, days: int, now: datetime
) -> SeedMaterial:
    """Read everything there is to read, before anything is written.

    Args:
        source: None makes a synthetic set.
        channels: In any spelling; None takes those of the source, else the product owner's five.
        until: See `seed_window`.
        days: Length of the window.
        now: The present, tz-aware.

    Raises:
        ToolkitError: A file cannot be used, or a channel has none.
    """
    newest = source.newest_post() if source and until == "auto" else None
    window = seed_window(until, days, newest_post=newest, now=now)
    names = channels or (source.channels() if source else PRODUCT_OWNER_CHANNELS)
    return SeedMaterial(window, tuple(_channel(source, name, window) for name in _once(names)))


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical(name) for name in names if name.strip()))


def _channel(source: PostSource | None, channel: str, window: Window) -> ChannelMaterial:
    found = source.read(channel, window) if source else ChannelPosts(channel, (), MessageCounts())
    plans = plan_days(channel, window, found.posts)
    return ChannelMaterial(channel, found.counts, plans, found.skipped_files)
