"""What a seed works from: the window, the channels, their posts and the plan of every day."""

from dataclasses import dataclass
from datetime import date, datetime

from day23.application.dataset_ports import ChannelPosts, PostSource, held_posts
from day23.application.dataset_window import seed_window
from day23.domain.benchmark_dataset import document_id
from day23.domain.channel import PRODUCT_OWNER_CHANNELS, canonical
from day23.domain.seed_plan import DayPlan, plan_day
from day23.domain.window import Window


@dataclass(frozen=True, slots=True)
class ChannelMaterial:
    """One channel's posts and the days they are to fill; posts are read a day at a time."""

    posts: ChannelPosts
    days: tuple[date, ...]

    @property
    def channel(self) -> str:
        """Canonical name."""
        return self.posts.channel

    @property
    def synthetic_days(self) -> int:
        """Days that have no real posts."""
        return len(self.days) - len(self.posts.days)

    def keys(self, collection: str) -> dict[date, str]:
        """Return the `_id` that each day's document of a collection has or will have."""
        return {day: document_id(collection, self.channel, day) for day in self.days}

    def plan(self, day: date) -> DayPlan:
        """Return what a day's digest is made of."""
        return plan_day(self.channel, day, self.posts.posts_of(day) if day in self.posts.days else ())


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
    posts = source.read(channel, window) if source else held_posts(channel, ())
    return ChannelMaterial(posts, window.days)
