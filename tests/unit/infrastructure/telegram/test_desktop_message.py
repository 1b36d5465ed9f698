"""Messages of every shape give a post or a plain complaint, never a traceback."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.infrastructure.telegram.desktop_message import (
    LONGEST_TEXT,
    MalformedMessageError,
    parse_message,
    plain_text,
)

ENTITY_TYPES = ["plain", "bold", "link", "text_link", "custom_emoji", "spoiler", "blockquote", "bank_card"]
ENTITIES = st.fixed_dictionaries(
    {"type": st.sampled_from(ENTITY_TYPES), "text": st.text(max_size=20)},
    optional={"href": st.text(max_size=5), "document_id": st.text(max_size=5), "collapsed": st.booleans()},
)
PIECES = st.lists(st.text(max_size=20) | ENTITIES, max_size=8)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def message(**changes: Any) -> dict[str, Any]:
    base = {"id": 7, "type": "message", "date": "2024-12-04T02:59:59", "date_unixtime": "1733270399"}
    return base | {"text": "Привет"} | changes


def test_time_is_utc_and_the_local_date_is_ignored() -> None:
    post = parse_message(message(date="2024-12-05T23:00:00")).post
    assert post is not None
    assert post.posted_at == datetime(2024, 12, 3, 23, 59, 59, tzinfo=UTC)


@given(PIECES)
def test_mixed_text_is_joined_in_order(pieces: list[Any]) -> None:
    expected = "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces)
    assert plain_text(pieces) == expected.encode("utf-8", "replace").decode()


def test_lone_surrogates_cannot_reach_the_database() -> None:
    plain_text("bad \ud800 half").encode("utf-8")


@pytest.mark.parametrize("text", ["", [], [""], "\u200b \n", [{"type": "plain", "text": ""}]])
def test_a_message_without_visible_text_is_no_post(text: Any) -> None:
    assert parse_message(message(text=text)).post is None


def test_a_service_message_is_no_post() -> None:
    parsed = parse_message(message(type="service", action="pin_message"))
    assert parsed.is_service
    assert parsed.post is None


def test_the_last_edit_is_the_revision() -> None:
    assert parse_message(message(edited_unixtime="1733280000")).revision == 1_733_280_000


def test_a_poll_is_its_question_and_answers() -> None:
    poll = {"question": "Когда релиз?", "closed": False, "total_voters": 9}
    answers = [
        {"text": "Завтра", "voters": 4, "chosen": False},
        {"text": [{"type": "plain", "text": "Не скоро"}]},
    ]
    post = parse_message(message(text="", poll=poll | {"answers": answers})).post
    assert post is not None
    assert post.text == "Когда релиз?\n— Завтра\n— Не скоро"


def test_a_forward_names_its_author() -> None:
    post = parse_message(message(forwarded_from="Хабр", forwarded_from_id="channel1")).post
    assert post is not None
    assert post.forwarded_from == "Хабр"
    hidden = parse_message(message(forwarded_from=None)).post
    assert hidden is not None
    assert hidden.forwarded_from is None


def test_a_time_without_unixtime_is_local_and_said_to_be_assumed() -> None:
    parsed = parse_message(message(date_unixtime=None), ZoneInfo("Europe/Moscow"))
    assert parsed.assumed_zone
    assert parsed.post is not None
    assert parsed.post.posted_at == datetime(2024, 12, 3, 23, 59, 59, tzinfo=UTC)


def test_an_offset_in_the_date_counts() -> None:
    post = parse_message(message(date_unixtime=None, date="2024-12-04T02:59:59+05:00")).post
    assert post is not None
    assert post.posted_at.hour == 21


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"date_unixtime": None, "date": None}, "neither date_unixtime nor date"),
        ({"date_unixtime": None, "date": "gestern"}, "date 'gestern'"),
        ({"edited_unixtime": "soon"}, "edited_unixtime"),
        ({"poll": {"question": 5}}, "text that is a number"),
        ({"poll": []}, "a poll that is not an object"),
        ({"id": 2**70}, "id that is a number"),
        ({"date_unixtime": "soon"}, "date_unixtime"),
        ({"date_unixtime": "9" * 18}, "date_unixtime"),
        ({"id": True}, "id that is a boolean"),
        ({"id": "abc"}, "id that is a string"),
        ({"text": 5}, "text that is a number"),
        ({"text": ["a", None]}, "text that is null"),
        ({"text": [{"type": "bold"}]}, "text that is null"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "65537 characters"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(MalformedMessageError, match=complaint):
        parse_message(message(**change))


@given(JSON_VALUES | st.fixed_dictionaries({}, optional=dict.fromkeys(message(), JSON_VALUES)))
def test_any_value_is_parsed_or_refused(raw: Any) -> None:
    with suppress(MalformedMessageError):
        parse_message(raw)
