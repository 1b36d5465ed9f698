"""A folder of Telegram Desktop exports: `<source>/<channel>/result*.json`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import ijson

from day23.application.dataset_ports import ChannelPosts, MessageCounts, SkippedFile
from day23.domain.channel import canonical, handle
from day23.domain.errors import ToolkitError
from day23.domain.post import Post
from day23.domain.window import Window
from day23.infrastructure.telegram.desktop_message import DesktopMessage, MalformedMessageError, parse_message
from day23.infrastructure.telegram.json_fault import explain, refuse, refuse_unreadable_start

FILE_PATTERN = "result*.json"
CHANNEL_TYPES = ("public_channel", "private_channel")


@dataclass(slots=True)
class _Messages:
    """The messages of one file, or of all files of a channel, once per id."""

    read: int = 0
    service: int = 0
    by_id: dict[int, DesktopMessage] = field(default_factory=dict)

    def add(self, message: DesktopMessage) -> None:
        self.read += 1
        if message.is_service:
            self.service += 1
        else:
            self._keep(message)

    def merge(self, other: "_Messages") -> None:
        self.read += other.read
        self.service += other.service
        for message in other.by_id.values():
            self._keep(message)

    def _keep(self, message: DesktopMessage) -> None:
        known = self.by_id.get(message.message_id)
        if known is None or message.revision >= known.revision:
            self.by_id[message.message_id] = message


class DesktopExports:
    """Implements `PostSource` on exported files; reads each as a stream.

    Args:
        source: The folder with one folder per channel.
        channels_map: Folders by channel name where the folder's name is not the channel's;
            absolute or relative to `source`.
        skip_bad: Leave out files that cannot be used, and count them, instead of refusing.

    Raises:
        ToolkitError: There is no such folder, or it holds no export.
    """

    def __init__(
        self, source: Path, channels_map: Mapping[str, str] | None = None, *, skip_bad: bool = False
    ) -> None:
        self._folders = _folders(source, channels_map or {})
        self._skip_bad = skip_bad

    def channels(self) -> tuple[str, ...]:
        """Return the canonical names of the channels there are, sorted."""
        return tuple(sorted(self._folders))

    def newest_post(self) -> datetime | None:
        """Return the time of the last post with text over all channels."""
        newest = [post.posted_at for channel in self._folders for post in self._posts(channel)]
        return max(newest, default=None)

    def read(self, channel: str, window: Window) -> ChannelPosts:
        """Read all files of one channel, merged by message id; the latest edit wins.

        Raises:
            ToolkitError: A file cannot be used; names file, position and what was expected.
        """
        messages, skipped = self._messages(canonical(channel))
        posts = [message.post for message in messages.by_id.values() if message.post]
        used = sorted((post for post in posts if window.contains(post.posted_at)), key=_by_time)
        counts = MessageCounts(
            read=messages.read,
            used=len(used),
            outside_window=len(posts) - len(used),
            without_text=len(messages.by_id) - len(posts),
            service=messages.service,
            duplicates=messages.read - messages.service - len(messages.by_id),
        )
        return ChannelPosts(canonical(channel), tuple(used), counts, skipped)

    def _posts(self, channel: str) -> Iterator[Post]:
        messages, _ = self._messages(channel)
        return (message.post for message in messages.by_id.values() if message.post)

    def _messages(self, channel: str) -> tuple[_Messages, tuple[SkippedFile, ...]]:
        merged, skipped = _Messages(), []
        channel_id: Any = None
        for path in self._files(channel):
            try:
                channel_id, messages = _read_file(path, channel_id)
            except ToolkitError as error:
                if not self._skip_bad:
                    raise
                skipped.append(SkippedFile(str(path), error.what))
            else:
                merged.merge(messages)
        return merged, tuple(skipped)

    def _files(self, channel: str) -> list[Path]:
        folder = self._folders.get(channel)
        files = sorted(folder.glob(FILE_PATTERN)) if folder else []
        if not files:
            raise ToolkitError(
                f"there is no export of {handle(channel)}",
                where=str(folder or f"found: {', '.join(self._folders)}"),
                next_step=f"put {FILE_PATTERN} into a folder named {channel}, or use --channels-map",
            )
        return files


def _by_time(post: Post) -> tuple[datetime, int]:
    return post.posted_at, post.post_id


def _folders(source: Path, channels_map: Mapping[str, str]) -> dict[str, Path]:
    if not source.is_dir():
        raise ToolkitError("the source folder does not exist", where=str(source), next_step="check --source")
    mapped = {canonical(name): source / folder for name, folder in channels_map.items()}
    taken = {folder.resolve() for folder in mapped.values()}
    found = [item for item in sorted(source.iterdir()) if item.is_dir() and any(item.glob(FILE_PATTERN))]
    named = {canonical(item.name): item for item in found if item.resolve() not in taken}
    if not named | mapped:
        raise ToolkitError(
            f"the source folder holds no <channel>/{FILE_PATTERN}",
            where=str(source),
            next_step="put each channel's export into a folder named as the channel",
        )
    return named | mapped


def _read_file(path: Path, channel_id: Any) -> tuple[Any, _Messages]:
    """Return the id of the channel and its messages; `channel_id` is that of the files read before."""
    try:
        refuse_unreadable_start(path)
        found_id = _channel_id(path)
        if channel_id is not None and found_id != channel_id:
            raise refuse(path, f"is of channel {found_id}, the files before it of {channel_id}", "key 'id'")
        return found_id, _read_messages(path)
    except (ijson.JSONError, UnicodeDecodeError):
        raise explain(path) from None
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror}") from None


def _channel_id(path: Path) -> Any:
    header = _header(path)
    if "chats" in header:
        raise refuse(path, "is an export of a whole account, expected one channel", "key 'chats'")
    if header.get("type") not in CHANNEL_TYPES:
        found = f"{header['type']!r:.40}" if "type" in header else "absent"
        raise refuse(path, f"is not a channel export: type is {found}, not public_channel", "key 'type'")
    if "messages" not in header:
        raise refuse(path, "has no messages, expected a list of them", "key 'messages'")
    return header.get("id")


def _header(path: Path) -> dict[str, Any]:
    """Return name, type and id; stops at the messages once the type is known."""
    header: dict[str, Any] = {}
    with path.open("rb") as stream:
        for prefix, event, value in ijson.parse(stream, use_float=True):
            if prefix == "" and event not in ("start_map", "map_key", "end_map"):
                break
            if prefix in ("name", "type", "id", "chats", "messages"):
                header[prefix] = value
            if "messages" in header and "type" in header:
                break
    return header


def _read_messages(path: Path) -> _Messages:
    messages = _Messages()
    with path.open("rb") as stream:
        for position, raw in enumerate(ijson.items(stream, "messages.item", use_float=True)):
            try:
                messages.add(parse_message(raw))
            except MalformedMessageError as fault:
                raise refuse(path, f"has a message that {fault}", f"messages[{position}]") from None
    if not messages.read:
        raise refuse(path, "has no messages", "key 'messages'")
    return messages
