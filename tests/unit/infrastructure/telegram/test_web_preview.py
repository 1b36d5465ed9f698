"""Public preview pages as a source of posts; the pages are served locally."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.errors import ToolkitError
from day23.domain.window import Window
from day23.infrastructure.telegram.preview_page import read_page
from day23.infrastructure.telegram.preview_pages import ATTEMPTS, PreviewPages
from day23.infrastructure.telegram.web_preview import WebPreviews
from preview_server import START, PreviewServer, message, posted_at, served

EVERYTHING = Window(START - timedelta(days=1), START + timedelta(days=60))


@pytest.fixture
def server() -> Iterator[PreviewServer]:
    with served(PreviewServer()) as running:
        yield running


class Previews:
    """A source with its waits written down instead of waited for."""

    def __init__(self, server: PreviewServer, folder: Path, seconds_between: float = 0.0) -> None:
        self.waits: list[float] = []
        pages = PreviewPages(
            server.url,
            folder,
            seconds_between=seconds_between,
            sleep=lambda seconds: self.waits.append(seconds),
        )
        self.source = WebPreviews(["@Habr", "habr"], pages)


def page_of(*messages: str) -> str:
    return f'<meta property="og:title" content="Хабр">{"".join(messages)}'


def test_every_message_is_read_once_in_order(server: PreviewServer, tmp_path: Path) -> None:
    found = Previews(server, tmp_path).source.read("habr", EVERYTHING)
    assert [post.post_id for post in found.posts] == server.numbers()
    assert found.counts.read == found.counts.used == len(server.numbers())
    first = next(found.posts)
    assert (first.text, first.posted_at) == ("Новость 1.\nКурс < 100 & растёт.", posted_at(1))
    assert "Новости & люди" in found.notes[0]


def test_paging_stops_where_the_window_starts(server: PreviewServer, tmp_path: Path) -> None:
    window = Window.ending_with(posted_at(300), 2)
    found = Previews(server, tmp_path).source.read("habr", window)
    expected = [number for number in server.numbers() if window.contains(posted_at(number))]
    assert [post.post_id for post in found.posts] == expected
    assert len(server.requests) <= 3


def test_newest_post_takes_one_request_per_channel(server: PreviewServer, tmp_path: Path) -> None:
    assert Previews(server, tmp_path).source.newest_post() == posted_at(300)
    assert server.requests == ["/s/habr"]


def test_a_broken_off_run_goes_on_with_the_kept_pages(server: PreviewServer, tmp_path: Path) -> None:
    server.failures = [200, 200, 200, 404]
    with pytest.raises(ToolkitError, match="HTTP 404"):
        Previews(server, tmp_path).source.read("habr", EVERYTHING)
    asked = set(server.requests[1:3])
    server.requests.clear()
    server.messages += 3
    found = Previews(server, tmp_path).source.read("habr", EVERYTHING)
    assert [post.post_id for post in found.posts] == server.numbers()
    assert asked.isdisjoint(server.requests)
    resumed = len(server.requests)
    server.requests.clear()
    Previews(server, tmp_path / "fresh").source.read("habr", EVERYTHING)
    assert resumed == len(server.requests) - len(asked)


def test_passing_failures_are_tried_again_after_the_wait_that_was_asked_for(
    server: PreviewServer, tmp_path: Path
) -> None:
    server.failures = [429, 503]
    previews = Previews(server, tmp_path)
    previews.source.newest_post()
    after_429, after_503 = previews.waits
    assert 7 <= after_429 <= 10.5
    assert 2 <= after_503 <= 3


def test_lasting_failures_are_told_with_what_to_do(server: PreviewServer, tmp_path: Path) -> None:
    server.failures = [503] * ATTEMPTS
    with pytest.raises(ToolkitError, match=r"after 5 attempts: HTTP 503 .*pages that were read are kept"):
        Previews(server, tmp_path).source.newest_post()
    assert len(server.requests) == ATTEMPTS


def test_requests_keep_their_distance(server: PreviewServer, tmp_path: Path) -> None:
    previews = Previews(server, tmp_path, seconds_between=30)
    previews.source.read("habr", EVERYTHING)
    assert len(previews.waits) == len(server.requests) - 1
    assert all(29 < wait <= 30 for wait in previews.waits)


def test_a_channel_without_preview_is_refused(server: PreviewServer, tmp_path: Path) -> None:
    source = WebPreviews(["hidden_channel"], PreviewPages(server.url, tmp_path, seconds_between=0))
    with pytest.raises(ToolkitError, match="shows no public preview"):
        source.newest_post()


def test_replies_service_messages_forwards_and_polls() -> None:
    reply = '<a class="tgme_widget_message_reply"><div class="js-message_reply_text">Старый вопрос</div></a>'
    forward = '<a class="tgme_widget_message_forwarded_from_name"><span dir="auto">Наука</span></a>'
    poll = (
        '<div class="tgme_widget_message_poll_question">Идём?</div>'
        '<div class="tgme_widget_message_poll_option_text">Да</div>'
        '<div class="tgme_widget_message_poll_option_text">Нет</div>'
    )
    page = read_page(
        page_of(
            message("habr", 1, "Ответ.", reply + forward),
            message("habr", 2, "Канал создан", kind="service_message"),
            message("habr", 3, "", poll),
            message("habr", 4, '<i class="emoji"><b>🔥</b></i><img src="x">'),
            '<div class="tgme_widget_message" data-post="habr/nothing"></div>',
        )
    )
    first, created, asked, fire = page.messages
    assert first.post is not None
    assert (first.post.text, first.post.forwarded_from) == ("Ответ.", "Наука")
    assert (created.is_service, created.post) == (True, None)
    assert asked.post is not None
    assert asked.post.text == "Идём?\n— Да\n— Нет"
    assert fire.post is not None
    assert page.nameless == 1
    assert not page.has_older


@given(st.text())
def test_any_text_is_a_page(text: str) -> None:
    assert read_page(text).messages == ()
    assert len(read_page(page_of(message("habr", 1, text), message("habr", 2, "Да."))).messages) <= 2
