"""Where real posts come from: a folder of exports, or public preview pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from day23.application.dataset_ports import PostSource
from day23.domain.channel import PRODUCT_OWNER_CHANNELS
from day23.domain.errors import UsageError
from day23.infrastructure.telegram.desktop_export import DesktopExports
from day23.infrastructure.telegram.preview_pages import PreviewPages
from day23.infrastructure.telegram.web_preview import WebPreviews
from day23.settings import Settings


@dataclass(frozen=True, slots=True)
class ExportSource:
    """Where the exported channels are; without a folder the set is synthetic."""

    folder: Path | None = None
    channels_map: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    zone: tzinfo = UTC

    def posts(self) -> PostSource | None:
        """Open the folder.

        Raises:
            ToolkitError: It does not exist or holds no export.
        """
        if self.folder is None:
            return None
        return DesktopExports(self.folder, self.channels_map, skip_bad=self.skip_bad, zone=self.zone)


@dataclass(frozen=True, slots=True)
class WebSource:
    """The public previews of channels; asking for it is the leave to use the network."""

    channels: tuple[str, ...]
    base_url: str
    cache: Path
    seconds_between: float

    def posts(self) -> PostSource:
        """Return the source; nothing is fetched yet."""
        pages = PreviewPages(self.base_url, self.cache, seconds_between=self.seconds_between)
        return WebPreviews(self.channels, pages)


def web_source(settings: Settings, channels: tuple[str, ...] | None) -> WebSource:
    """Return the previews of the channels, by default the product owner's five."""
    return WebSource(
        channels or PRODUCT_OWNER_CHANNELS,
        settings.telegram_preview_url,
        settings.cache_dir / "telegram_previews",
        settings.telegram_preview_seconds,
    )


def zone_named(name: str | None) -> tzinfo:
    """Return a time zone of the IANA database; UTC without a name.

    Raises:
        UsageError: There is no such zone.
    """
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"{name!r:.40} is no time zone", where="--zone", next_step="write one as Europe/Moscow"
        ) from None
