"""The smoke check passes only when the system really did its work."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import cast

import pytest

from day23.application.ports import (
    BenchmarkRepository,
    ChatModel,
    ChatReply,
    ChatRequest,
    Collection,
    DatasetQuery,
    Document,
    RecordedDataset,
)
from day23.application.smoke_check import POSTS, DigestProbe, MetricProbe, StoredDocumentsProbe
from day23.domain.errors import ToolkitError
from day23.domain.live_values import Series
from day23.domain.window import Window

WINDOW = Window.ending_with(datetime(2025, 11, 15, tzinfo=UTC), 30)


class Model:
    """Answers every request with one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[ChatRequest] = []

    async def complete(self, request: ChatRequest, *, stream: bool = False) -> ChatReply:
        self.asked.append(request)
        return ChatReply(self.text, "some-model", 0.25, None, 10, 10)


def digest_probe(model: Model) -> DigestProbe:
    def call(use: Callable[[ChatModel], Awaitable[ChatReply]]) -> ChatReply:
        async def wait() -> ChatReply:
            return await use(model)

        return asyncio.run(wait())

    return DigestProbe(call)


def test_a_digest_of_the_posts_passes() -> None:
    model = Model(f"## Главное за день\n- {POSTS[0]}\n- {POSTS[1]}")
    assert digest_probe(model).ask() == "some-model answered in 0.250 s"
    assert all(post in model.asked[0].user for post in POSTS)


@pytest.mark.parametrize("text", ["", "Sorry, I cannot help.", "## Главное за день\n- Погода хорошая."])
def test_an_answer_about_something_else_fails(text: str) -> None:
    with pytest.raises(ToolkitError, match="not about its posts"):
        digest_probe(Model(text)).ask()


class Repository:
    """One document per channel and kind, but for what is missing."""

    def __init__(self, missing: tuple[Collection, str] | None = None, seeded: bool = True) -> None:
        self._missing = missing
        self._seeded = seeded

    def recorded_dataset(self) -> RecordedDataset | None:
        return RecordedDataset(WINDOW, ("onaboka", "ctorecords"), WINDOW.end) if self._seeded else None

    def find(self, collection: Collection, query: DatasetQuery) -> Iterator[Document]:
        assert query.window == WINDOW
        if (collection, query.channel) != self._missing:
            yield {"_id": query.channel}


def documents_probe(repository: Repository) -> StoredDocumentsProbe:
    return StoredDocumentsProbe(lambda: nullcontext(cast(BenchmarkRepository, repository)))


def test_documents_of_every_channel_and_kind_pass() -> None:
    assert documents_probe(Repository()).ask() == "4 documents of 2 channels"


def test_a_channel_without_review_reports_is_named() -> None:
    with pytest.raises(ToolkitError, match="nothing is stored for ctorecords review_reports"):
        documents_probe(Repository((Collection.REVIEW_REPORTS, "ctorecords"))).ask()


def test_an_unseeded_database_says_what_to_type() -> None:
    with pytest.raises(ToolkitError, match=r"no dataset was seeded yet\. Next: make day-23"):
        documents_probe(Repository(seeded=False)).ask()


def test_a_metric_without_samples_fails() -> None:
    assert MetricProbe(lambda _: [Series(labels={}, value=0)], "up").ask() == "1 series"
    with pytest.raises(ToolkitError, match="Prometheus has no up"):
        MetricProbe(lambda _: [], "up").ask()
