"""The chats of an export: one in an ordinary file, several in an export of a whole account."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import ijson

from day23.infrastructure.telegram.export_file import CHUNK_BYTES, ExportFile
from day23.infrastructure.telegram.json_fault import refuse

CHANNEL_TYPES = ("public_channel", "private_channel")

_SINGLE = "messages.item"
_LISTS = ("chats.list.item", "left_chats.list.item")
_NO_VALUE = ("map_key", "end_map", "end_array")


@dataclass(slots=True)
class Chat:
    """What an export says about a chat.

    Attributes:
        title: As people see it; it changes over time and is no channel name.
        messages: How many there are; None where they have not been counted.
    """

    kind: Any = None
    chat_id: Any = None
    title: str = ""
    messages: int | None = None

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel and not a person, a bot or a group."""
        return self.kind in CHANNEL_TYPES


def is_whole_account(file: ExportFile) -> bool:
    """Tell whether a file holds all chats of an account."""
    return "chats" in _header(file)


def account_chats(file: ExportFile) -> tuple[Chat, ...]:
    """Return the chats of a whole account with the number of their messages, in the file's order."""
    return tuple(chat for prefix in _LISTS for chat in _listed(file, prefix))


def single_chat(file: ExportFile) -> Chat:
    """Return the one channel of an ordinary export.

    Raises:
        ToolkitError: The file is of another kind.
    """
    header = _header(file)
    if header.get("type") not in CHANNEL_TYPES:
        found = f"{header['type']!r:.40}" if "type" in header else "absent"
        raise refuse(file, f"is not a channel export: type is {found}, not public_channel", "key 'type'")
    if "messages" not in header:
        raise refuse(file, "has no messages, expected a list of them", "key 'messages'")
    return Chat(header["type"], header.get("id"), str(header.get("name") or ""))


def raw_messages(file: ExportFile) -> Iterator[Any]:
    """Yield the messages of an ordinary export."""
    with file.open() as stream:
        yield from ijson.items(stream, _SINGLE, use_float=True, buf_size=CHUNK_BYTES)


def account_messages(file: ExportFile) -> Iterator[tuple[Chat, Iterator[Any]]]:
    """Yield each chat of a whole account with its messages; what is not taken of them is passed over."""
    for prefix in _LISTS:
        chats = _listed(file, prefix)
        with file.open() as stream:
            every = ijson.items(stream, f"{prefix}.messages.item", use_float=True, buf_size=CHUNK_BYTES)
            for chat in chats:
                own = islice(every, chat.messages)
                yield chat, own
                for _ in own:
                    pass


def _header(file: ExportFile) -> dict[str, Any]:
    """Return name, type and id; stops at the messages once the type is known."""
    header: dict[str, Any] = {}
    with file.open() as stream:
        for prefix, event, value in ijson.parse(stream, use_float=True, buf_size=CHUNK_BYTES):
            if prefix == "" and event not in ("start_map", "map_key", "end_map"):
                break
            if prefix in ("name", "type", "id", "chats", "messages"):
                header[prefix] = value
            if "chats" in header or ("messages" in header and "type" in header):
                break
    return header


def _listed(file: ExportFile, prefix: str) -> list[Chat]:
    """Return the chats of one list; their keys may stand in any order."""
    chats: list[Chat] = []
    message, chat = f"{prefix}.messages.item", Chat()
    with file.open() as stream:
        for place, event, value in ijson.parse(stream, use_float=True, buf_size=CHUNK_BYTES):
            if place == message and event not in _NO_VALUE:
                chat.messages = (chat.messages or 0) + 1
            elif place == prefix and event == "start_map":
                chat = Chat(messages=0)
                chats.append(chat)
            elif place == f"{prefix}.type":
                chat.kind = value
            elif place == f"{prefix}.id":
                chat.chat_id = value
            elif place == f"{prefix}.name":
                chat.title = str(value or "")
    return chats
