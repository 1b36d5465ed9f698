"""One public preview page of a channel (`t.me/s/<channel>`), read from its HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

from day23.domain.post import Post, has_visible_text
from day23.infrastructure.telegram.desktop_message import DesktopMessage

_VOID = frozenset(("br", "img", "meta", "link", "input", "hr", "source", "wbr"))
_POST = re.compile(r".+/(\d+)")
_MESSAGE, _SERVICE = "tgme_widget_message", "service_message"
_TEXTS = frozenset(("js-message_text", "tgme_widget_message_poll_question"))
_ANSWER = "tgme_widget_message_poll_option_text"
_FORWARD = "tgme_widget_message_forwarded_from_name"


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What a page shows.

    Attributes:
        title: The channel's; empty where the page is no preview.
        messages: Oldest first.
        nameless: Messages without a number or a time, which cannot be used.
        has_older: Whether the page links to an older one.
    """

    title: str
    messages: tuple[DesktopMessage, ...]
    nameless: int
    has_older: bool


def read_page(html: str) -> PreviewPage:
    """Read a page; whatever is not understood is passed over."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    read = [_message(draft) for draft in reader.drafts]
    known = tuple(sorted((one for one in read if one), key=lambda one: one.message_id))
    return PreviewPage(reader.title, known, len(read) - len(known), reader.has_older)


@dataclass(slots=True)
class _Draft:
    """A message while its part of the page is being read."""

    place: str
    is_service: bool
    time: str = ""
    forwarded_from: str = ""
    parts: list[str] = field(default_factory=list)


class _PageReader(HTMLParser):
    """Collects the messages of a page; keeps the open elements that text may belong to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.has_older = False
        self.drafts: list[_Draft] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note where an element begins."""
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if given.get("property") == "og:title":
            self.title = given.get("content", "")
        self.has_older |= "js-messages_more" in classes and "data-before" in given
        if _MESSAGE in classes and "data-post" in given:
            self.drafts.append(_Draft(given["data-post"], _SERVICE in classes))
        if tag == "time" and self.drafts and given.get("datetime"):
            self.drafts[-1].time = given["datetime"]
        if tag == "br":
            self.handle_data("\n")
        if tag not in _VOID:
            self._open.append(self._role(classes))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element; end tags of elements that hold nothing are ignored."""
        if tag not in _VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Give text to the message it belongs to."""
        role = next((role for role in reversed(self._open) if role), "")
        if not self.drafts or not role:
            return
        if role == "forward":
            self.drafts[-1].forwarded_from += data
        else:
            self.drafts[-1].parts[-1] += data

    def _role(self, classes: Sequence[str]) -> str:
        if not self.drafts:
            return ""
        if _FORWARD in classes:
            return "forward"
        if _TEXTS.isdisjoint(classes) and _ANSWER not in classes:
            return ""
        self.drafts[-1].parts.append("— " if _ANSWER in classes else "")
        return "text"


def _message(draft: _Draft) -> DesktopMessage | None:
    number, moment = _POST.fullmatch(draft.place), _moment(draft.time)
    if number is None or moment is None:
        return None
    message_id, text = int(number[1]), "\n".join(part.strip() for part in draft.parts if part.strip())
    told = not draft.is_service and has_visible_text(text)
    post = Post(message_id, moment, text, draft.forwarded_from.strip() or None) if told else None
    return DesktopMessage(message_id, draft.is_service, int(moment.timestamp()), post)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
