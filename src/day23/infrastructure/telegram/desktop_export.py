"""A folder of Telegram Desktop exports: `<source>/<channel>/result*.json`, also as `.json.gz` and `.zip`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from day23.application.dataset_ports import ChannelPosts, RejectedMessage, SkippedFile
from day23.domain.channel import canonical, handle
from day23.domain.errors import ToolkitError
from day23.domain.post import Post
from day23.domain.window import Window
from day23.infrastructure.telegram.channel_origins import Origin, find_origins
from day23.infrastructure.telegram.desktop_message import DesktopMessage, MalformedMessageError, parse_message
from day23.infrastructure.telegram.export_chats import (
    account_messages,
    is_whole_account,
    raw_messages,
    single_chat,
)
from day23.infrastructure.telegram.export_file import NAME_PATTERN, ExportFile, export_files
from day23.infrastructure.telegram.json_fault import refuse, refuse_unreadable_start, told_plainly
from day23.infrastructure.telegram.message_shelf import MessageShelf


@dataclass(slots=True)
class _Reading:
    """What was noticed while the files of a folder were read."""

    skipped: list[SkippedFile] = field(default_factory=list)
    chat_id: Any = None
    titles: dict[str, dict[str, None]] = field(default_factory=dict)

    def note_title(self, channel: str, title: str) -> None:
        self.titles.setdefault(channel, {})[title] = None


class DesktopExports:
    """Implements `PostSource` on exported files; each is read once, as a stream, onto a shelf on disk.

    Args:
        source: The folder with one folder per channel, or an export itself.
        channels_map: `folder` or `folder#chat id` by channel name, where the folder's name is not the
            channel's; absolute or relative to `source`.
        skip_bad: Leave out files and messages that cannot be used, and count them, instead of refusing.
        zone: Time zone of exports that state none (before 2022).

    Raises:
        ToolkitError: There is no such folder, or it holds no export.
    """

    def __init__(
        self,
        source: Path,
        channels_map: Mapping[str, str] | None = None,
        *,
        skip_bad: bool = False,
        zone: tzinfo = UTC,
    ) -> None:
        self._bad_accounts: list[SkippedFile] = []
        self._origins = find_origins(source, channels_map or {}, self._bad_accounts if skip_bad else None)
        self._skip_bad = skip_bad
        self._zone = zone
        self._shelf = MessageShelf()
        self._read_folders: dict[Path, _Reading] = {}

    def channels(self) -> tuple[str, ...]:
        """Return the canonical names of the channels there are, sorted."""
        return tuple(sorted(self._origins))

    def newest_post(self) -> datetime | None:
        """Return the time of the last post with text over all channels."""
        for channel in self._origins:
            self._reading(channel)
        newest = (self._shelf.newest(channel) for channel in self._origins)
        return max((moment for moment in newest if moment), default=None)

    def read(self, channel: str, window: Window) -> ChannelPosts:
        """Read all files of one channel, merged by message id; the latest edit wins.

        Raises:
            ToolkitError: A file cannot be used; names file, position and what was expected.
        """
        name = canonical(channel)
        reading = self._reading(name)
        return ChannelPosts(
            name,
            days=self._shelf.days(name, window),
            posts_of=partial(self._posts, name),
            counts=self._shelf.counts(name, window),
            skipped_files=tuple(dict.fromkeys((*self._bad_accounts, *reading.skipped))),
            notes=tuple(self._notes(name, reading)),
            rejections=partial(self._shelf.rejections, name),
        )

    def _posts(self, channel: str, day: date) -> tuple[Post, ...]:
        return self._shelf.posts(channel, day)

    def _notes(self, channel: str, reading: _Reading) -> Iterator[str]:
        assumed = self._shelf.assumed_zones(channel)
        if assumed:
            yield (
                f"{assumed} messages of {handle(channel)} state no time zone (exports before 2022): their "
                f"times were taken as {self._zone}"
            )
        titles = list(reading.titles.get(channel, ()))
        if len(titles) > 1:
            yield f"{handle(channel)} was renamed: {' → '.join(titles)}"

    def _reading(self, channel: str) -> _Reading:
        origin = self._origin(channel)
        if origin.folder not in self._read_folders:
            self._read_folders[origin.folder] = self._read_folder(origin.folder)
        return self._read_folders[origin.folder]

    def _origin(self, channel: str) -> Origin:
        origin = self._origins.get(channel)
        if origin is None or not origin.folder.is_dir() or not export_files(origin.folder):
            raise ToolkitError(
                f"there is no export of {handle(channel)}",
                where=str(origin.folder if origin else f"found: {', '.join(self._origins)}"),
                next_step=f"put {NAME_PATTERN} into a folder named {channel}, or use --channels-map",
            )
        return origin

    def _read_folder(self, folder: Path) -> _Reading:
        reading = _Reading()
        for file in export_files(folder):
            try:
                with told_plainly(file), self._shelf.all_or_nothing():
                    self._read_file(file, folder, reading)
            except ToolkitError as error:
                if not self._skip_bad:
                    raise
                reading.skipped.append(SkippedFile(file.name, error.what))
        return reading

    def _read_file(self, file: ExportFile, folder: Path, reading: _Reading) -> None:
        refuse_unreadable_start(file)
        if is_whole_account(file):
            self._read_account(file, folder, reading)
        else:
            self._read_single(file, folder, reading)

    def _read_single(self, file: ExportFile, folder: Path, reading: _Reading) -> None:
        chat = single_chat(file)
        if reading.chat_id not in (None, chat.chat_id):
            what = f"is of channel {chat.chat_id}, the files before it of {reading.chat_id}"
            raise refuse(file, what, "key 'id'")
        channel = next(name for name, origin in self._origins.items() if origin.folder == folder)
        if not self._shelf.add(channel, self._parsed(file, raw_messages(file), "messages")):
            raise refuse(file, "has no messages", "key 'messages'")
        reading.chat_id = chat.chat_id
        reading.note_title(channel, chat.title)

    def _read_account(self, file: ExportFile, folder: Path, reading: _Reading) -> None:
        wanted = {origin.chat_id: name for name, origin in self._origins.items() if origin.folder == folder}
        passed_over = 0
        for chat, messages in account_messages(file):
            channel = wanted.get(chat.chat_id) if chat.is_channel else None
            if channel is None:
                passed_over += 1
                continue
            self._shelf.add(channel, self._parsed(file, messages, f"chat {chat.chat_id}, messages"))
            reading.note_title(channel, chat.title)
        if passed_over:
            reason = f"{passed_over} chats of the account are no channels and were not read"
            reading.skipped.append(SkippedFile(file.name, reason))

    def _parsed(
        self, file: ExportFile, messages: Iterable[Any], where: str
    ) -> Iterator[DesktopMessage | RejectedMessage]:
        for position, raw in enumerate(messages):
            place = f"{where}[{position}]"
            try:
                yield parse_message(raw, self._zone)
            except MalformedMessageError as fault:
                if not self._skip_bad:
                    raise refuse(file, f"has a message that {fault}", place) from None
                yield RejectedMessage(f"{file.name}, {place}", str(fault))
