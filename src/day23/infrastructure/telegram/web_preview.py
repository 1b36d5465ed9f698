"""Posts from public preview pages; no account, no key, but the network."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from day23.application.dataset_ports import ChannelPosts, RejectedMessage
from day23.domain.channel import canonical, handle
from day23.domain.errors import ToolkitError
from day23.domain.window import Window
from day23.infrastructure.telegram.desktop_message import DesktopMessage
from day23.infrastructure.telegram.message_shelf import MessageShelf
from day23.infrastructure.telegram.preview_page import PreviewPage, read_page
from day23.infrastructure.telegram.preview_pages import PreviewPages

PAGE_STEP = 20
"""Messages on a full page. Older pages are asked for at multiples of this, so that the chains of two days
meet and tomorrow's run asks for the pages kept today."""


class WebPreviews:
    """Implements `PostSource` on public previews; pages back until the window is full.

    Args:
        channels: Canonical names, in any spelling.
        pages: Where pages come from.
    """

    def __init__(self, channels: Sequence[str], pages: PreviewPages) -> None:
        self._channels = tuple(sorted({canonical(name) for name in channels}))
        self._pages = pages
        self._shelf = MessageShelf()
        self._newest: dict[str, PreviewPage] = {}
        self._read: dict[str, Window] = {}

    def channels(self) -> tuple[str, ...]:
        """Return the channels that were asked for, sorted."""
        return self._channels

    def newest_post(self) -> datetime | None:
        """Return the time of the last post with text on the newest page of any channel."""
        pages = (self._newest_page(channel) for channel in self._channels)
        posts = (message.post for page in pages for message in page.messages)
        return max((post.posted_at for post in posts if post), default=None)

    def read(self, channel: str, window: Window) -> ChannelPosts:
        """Page back from the newest message to the first of the window.

        Raises:
            ToolkitError: A page cannot be fetched, or the channel has no public preview.
        """
        name = canonical(channel)
        if name not in self._read:
            self._shelf.add(name, self._messages(name, window))
            self._read[name] = window
        title = self._newest_page(name).title
        return ChannelPosts(
            name,
            days=self._shelf.days(name, window),
            posts_of=partial(self._shelf.posts, name),
            counts=self._shelf.counts(name, window),
            notes=(f"{handle(name)} was read from its public preview ({title}); edits are not dated there",),
            rejections=partial(self._shelf.rejections, name),
        )

    def _messages(self, channel: str, window: Window) -> Iterator[DesktopMessage | RejectedMessage]:
        seen: set[int] = set()
        for place, page in self._back(channel, window):
            new = [message for message in page.messages if message.message_id not in seen]
            seen.update(message.message_id for message in new)
            yield from new
            for _ in range(page.nameless):
                yield RejectedMessage(place, "has no number or no time with a zone")

    def _back(self, channel: str, window: Window) -> Iterator[tuple[str, PreviewPage]]:
        """Yield pages, newest first, up to the one that reaches beyond the window or is the last."""
        page, oldest = self._newest_page(channel), None
        place = f"{handle(channel)}, newest page"
        while True:
            yield place, page
            first = min((message.message_id for message in page.messages), default=None)
            if first is None or not page.has_older or _reaches_beyond(page, window):
                return
            oldest = _step_below(first, oldest)
            page = self._older_page(channel, oldest)
            place = f"{handle(channel)}, page before {oldest}"

    def _newest_page(self, channel: str) -> PreviewPage:
        if channel not in self._newest:
            page = read_page(self._pages.newest(channel))
            if not page.title or not (page.messages or page.nameless):
                raise ToolkitError(
                    f"{handle(channel)} shows no public preview",
                    where="--source web",
                    next_step="check the name; private channels need an export from Telegram Desktop",
                )
            self._newest[channel] = page
        return self._newest[channel]

    def _older_page(self, channel: str, before: int) -> PreviewPage:
        page = read_page(self._pages.before(channel, before))
        if not page.title:
            self._pages.forget(channel, before)
            raise ToolkitError(
                f"the page of {handle(channel)} before message {before} is no preview",
                next_step="run the command again: pages that were read are kept",
            )
        return page


def _reaches_beyond(page: PreviewPage, window: Window) -> bool:
    moments = [message.revision for message in page.messages]
    return min(moments) < window.start.timestamp()


def _step_below(first: int, earlier: int | None) -> int:
    """Return the next multiple of `PAGE_STEP` at or above `first`, or `first` where that gets no further."""
    rounded = -(-first // PAGE_STEP) * PAGE_STEP
    return rounded if earlier is None or rounded < earlier else first
