"""One message of a Telegram Desktop export."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from day23.domain.post import Post, has_visible_text

LONGEST_TEXT = 65_536
"""Characters; Telegram itself allows 4,096, so anything near this is not a post."""


class MalformedMessageError(ValueError):
    """A message does not have the shape of an export's messages; the text says in what."""


@dataclass(frozen=True, slots=True)
class DesktopMessage:
    """What the dataset needs of a message.

    Attributes:
        message_id: Id inside the channel.
        is_service: Whether it reports an event (title changed, message pinned) and is no post.
        revision: Unix seconds of the last edit, else of publication: newer versions replace older ones.
        post: The post; None when the message is a service message or shows no text.
    """

    message_id: int
    is_service: bool
    revision: int
    post: Post | None


def parse_message(raw: Any) -> DesktopMessage:
    """Read one item of `messages`.

    Args:
        raw: The decoded JSON value.

    Raises:
        MalformedMessageError: A field that is needed is absent or of another type.
    """
    if not isinstance(raw, dict):
        raise MalformedMessageError(f"is {_kind(raw)}, expected an object")
    message_id = _whole_number(raw, "id")
    published = _whole_number(raw, "date_unixtime")
    revision = _whole_number(raw, "edited_unixtime") if "edited_unixtime" in raw else published
    is_service = raw.get("type") != "message"
    text = "" if is_service else plain_text(raw.get("text", ""))
    post = Post(message_id, _utc(published), text) if has_visible_text(text) else None
    return DesktopMessage(message_id, is_service, revision, post)


def plain_text(text: Any) -> str:
    """Return a post's text without its markup: a string, or a list of strings and `{type, text}` objects.

    Raises:
        MalformedMessageError: The text has another shape, or is longer than any post can be.
    """
    joined = "".join(_piece(piece) for piece in text) if isinstance(text, list) else _piece(text)
    if len(joined) > LONGEST_TEXT:
        raise MalformedMessageError(
            f"has a text of {len(joined)} characters, expected a post of at most 4096"
        )
    return joined.encode("utf-8", "replace").decode("utf-8")


def _piece(piece: Any) -> str:
    text = piece.get("text") if isinstance(piece, dict) else piece
    if not isinstance(text, str):
        raise MalformedMessageError(
            f"has text that is {_kind(text)}, expected a string or a list of strings and objects"
        )
    return text


def _whole_number(raw: dict[str, Any], field: str) -> int:
    value = raw.get(field)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if value is None and field == "date_unixtime":
        raise MalformedMessageError(
            "has no date_unixtime, expected UTC seconds: Telegram Desktop before 2022 left it out"
        )
    raise MalformedMessageError(f"has {field} that is {_kind(value)}, expected a whole number")


def _utc(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise MalformedMessageError(f"has date_unixtime {seconds}, expected UTC seconds") from None


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
