"""Which folder, and which chat of a whole account, is which channel."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from day23.application.dataset_ports import SkippedFile
from day23.domain.channel import canonical
from day23.domain.errors import ToolkitError
from day23.infrastructure.telegram.export_chats import Chat, account_chats, is_whole_account
from day23.infrastructure.telegram.export_file import NAME_PATTERN, ExportFile, export_files
from day23.infrastructure.telegram.json_fault import told_plainly


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a channel's messages are.

    Attributes:
        chat_id: Its id inside the export of a whole account; None for a folder of its own.
    """

    folder: Path
    chat_id: Any = None


def find_origins(
    source: Path, channels_map: Mapping[str, str], bad: list[SkippedFile] | None = None
) -> dict[str, Origin]:
    """Return the origin of each channel by canonical name.

    A folder is named as its channel. A chat of a whole account is named after its title where that is a
    channel name, else `channel_<id>`. The map goes before both: `folder`, or `folder#id` for a chat.

    Args:
        source: The folder of folders.
        channels_map: `folder` or `folder#id` by channel name.
        bad: Takes the account files that cannot be read; None refuses them.

    Raises:
        ToolkitError: There is no such folder, or it holds no export.
    """
    if not source.is_dir():
        raise ToolkitError("the source folder does not exist", where=str(source), next_step="check --source")
    mapped = {canonical(name): _mapped(source, value) for name, value in channels_map.items()}
    origins = dict(mapped)
    for folder in _folders(source):
        for name, origin in _origins_in(folder, mapped, bad):
            origins.setdefault(name, origin)
    if not origins:
        raise ToolkitError(
            f"the source folder holds no <channel>/{NAME_PATTERN}",
            where=str(source),
            next_step="put each channel's export into a folder named as the channel",
        )
    return {name: _with_real_id(origin) for name, origin in origins.items()}


def _mapped(source: Path, value: str) -> Origin:
    folder, _, chat_id = value.partition("#")
    return Origin(source / folder, chat_id or None)


def _folders(source: Path) -> Iterator[Path]:
    for folder in (source, *sorted(item for item in source.iterdir() if item.is_dir())):
        if export_files(folder):
            yield folder


def _origins_in(
    folder: Path, mapped: Mapping[str, Origin], bad: list[SkippedFile] | None
) -> Iterator[tuple[str, Origin]]:
    taken = {str(origin.chat_id) for origin in mapped.values() if origin.folder.resolve() == folder.resolve()}
    accounts = [file for file in export_files(folder) if _is_account(file)]
    if not accounts and "None" not in taken:
        yield canonical(folder.resolve().name), Origin(folder)
    for file in accounts:
        for chat in _channels_of(file, bad):
            if str(chat.chat_id) not in taken:
                yield _name(chat), Origin(folder, chat.chat_id)


def _channels_of(file: ExportFile, bad: list[SkippedFile] | None) -> list[Chat]:
    try:
        with told_plainly(file):
            return [chat for chat in account_chats(file) if chat.is_channel]
    except ToolkitError as error:
        if bad is None:
            raise
        bad.append(SkippedFile(file.name, error.what))
        return []


def _is_account(file: ExportFile) -> bool:
    """Tell an account's export; a file that cannot be read is refused later, when it is needed."""
    with suppress(ToolkitError), told_plainly(file):
        return is_whole_account(file)
    return False


def _name(chat: Chat) -> str:
    with suppress(ToolkitError):
        return canonical(chat.title)
    return f"channel_{str(chat.chat_id).lstrip('-')}"


def _with_real_id(origin: Origin) -> Origin:
    """Return the origin with the id as JSON has it: a number, where the map could only say it in digits."""
    text = origin.chat_id
    return Origin(origin.folder, int(text)) if isinstance(text, str) and text.isdigit() else origin
