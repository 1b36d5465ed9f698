"""One message of a Telegram Desktop export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from day23.domain.post import Post, has_visible_text

LONGEST_TEXT = 65_536
"""Characters; Telegram itself allows 4,096, so anything near this is not a post."""

_MOST_DIGITS = 18


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
        assumed_zone: Whether the time had no zone, so that one was assumed.
    """

    message_id: int
    is_service: bool
    revision: int
    post: Post | None
    assumed_zone: bool = False


def parse_message(raw: Any, zone: tzinfo = UTC) -> DesktopMessage:
    """Read one item of `messages`.

    `date_unixtime` (UTC) counts. Exports made before 2022 lack it: then `date`, the exporter's local time
    without a zone, is read as a time of `zone`.

    Args:
        raw: The decoded JSON value.
        zone: Where exports without `date_unixtime` were made.

    Raises:
        MalformedMessageError: A field that is needed is absent or of another type.
    """
    if not isinstance(raw, dict):
        raise MalformedMessageError(f"is {_kind(raw)}, expected an object")
    message_id = _whole_number(raw, "id")
    published = _moment(raw, "date", zone)
    is_edited = raw.get("edited_unixtime") is not None or raw.get("edited") is not None
    revision = _moment(raw, "edited", zone) if is_edited else published
    is_service = raw.get("type") != "message"
    text = "" if is_service else _text(raw)
    post = _post(message_id, published, text, raw.get("forwarded_from"))
    return DesktopMessage(message_id, is_service, revision, post, raw.get("date_unixtime") is None)


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


def _text(raw: dict[str, Any]) -> str:
    parts = [plain_text(raw.get("text", "")), *_poll_lines(raw.get("poll"))]
    return "\n".join(part for part in parts if part)


def _poll_lines(poll: Any) -> Iterator[str]:
    """Yield a poll's question and its answers as list items."""
    if poll is None:
        return
    if not isinstance(poll, dict) or not isinstance(poll.get("answers", []), list):
        raise MalformedMessageError("has a poll that is not an object with a list of answers")
    yield plain_text(poll.get("question", ""))
    for answer in poll.get("answers", []):
        shown = answer.get("text", "") if isinstance(answer, dict) else answer
        yield f"— {plain_text(shown)}"


def _piece(piece: Any) -> str:
    text = piece.get("text") if isinstance(piece, dict) else piece
    if not isinstance(text, str):
        raise MalformedMessageError(
            f"has text that is {_kind(text)}, expected a string or a list of strings and objects"
        )
    return text


def _post(message_id: int, published: int, text: str, forwarded_from: Any) -> Post | None:
    posted_at = _utc(published)
    if not has_visible_text(text):
        return None
    origin = plain_text(forwarded_from) if isinstance(forwarded_from, str) and forwarded_from else None
    return Post(message_id, posted_at, text, origin)


def _moment(raw: dict[str, Any], field: str, zone: tzinfo) -> int:
    """Return Unix seconds of `<field>_unixtime`, else of the zoneless time in `<field>`."""
    if raw.get(f"{field}_unixtime") is not None:
        return _whole_number(raw, f"{field}_unixtime")
    if raw.get(field) is None:
        raise MalformedMessageError(f"has neither {field}_unixtime nor {field}, expected a time")
    try:
        moment = datetime.fromisoformat(raw[field])
        return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
    except (TypeError, ValueError, OverflowError):
        raise MalformedMessageError(f"has {field} {raw[field]!r:.40}, expected YYYY-MM-DDThh:mm:ss") from None


def _whole_number(raw: dict[str, Any], field: str) -> int:
    value = raw.get(field)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_MOST_DIGITS:
        return value
    raise MalformedMessageError(f"has {field} that is {_kind(value)}, expected a whole number")


def _utc(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise MalformedMessageError(f"has date_unixtime {seconds}, expected UTC seconds") from None


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
