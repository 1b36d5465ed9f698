"""The Operations Guide's smoke check: does the review system work from end to end, right now."""

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date

from day23.application.bootstrap_shared_infra import NEXT_STEP
from day23.application.ports import (
    BenchmarkRepository,
    ChatModel,
    ChatReply,
    ChatRequest,
    Collection,
    DatasetQuery,
    RecordedDataset,
)
from day23.domain.digest_prompt import build_digest_prompt
from day23.domain.errors import ToolkitError
from day23.domain.live_values import Series

POSTS = (
    "Сбербанк открыл новый центр обработки данных в Новосибирске. Мощность центра составляет 20 мегаватт.",
    "Команда проекта выпустила версию 3.0. В ней поиск по архиву стал быстрее в пять раз.",
    "Завтра в Москве начнётся конференция по машинному обучению. Организаторы ждут две тысячи участников.",
)
"""A fixed day of a channel; every sentence of a faithful digest shares words with it."""

SEED_STEP = "make day-23"

_DAY = date(2025, 11, 15)
_CYRILLIC_WORD = re.compile(r"[А-Яа-яЁё]{4,}")
_FEWEST_WORDS = 5

CallModel = Callable[[Callable[[ChatModel], Awaitable[ChatReply]]], ChatReply]
"""Opens the LLM API, lets a function use it, closes it and returns what the function returned."""

InstantQuery = Callable[[str], Sequence[Series]]

OpenRepository = Callable[[], AbstractContextManager[BenchmarkRepository]]


class StoredDocumentsProbe:
    """Passes when every channel of the recorded dataset has documents of both kinds."""

    def __init__(self, repository: OpenRepository) -> None:
        self._repository = repository

    def ask(self) -> str:
        """Return how many channels and documents there are."""
        with self._repository() as repository:
            recorded = repository.recorded_dataset()
            if recorded is None:
                raise ToolkitError("no dataset was seeded yet", next_step=SEED_STEP)
            counts = _count(repository, recorded)
        empty = sorted(name for name, count in counts.items() if not count)
        if empty:
            raise ToolkitError(f"nothing is stored for {', '.join(empty)}", next_step=SEED_STEP)
        return f"{sum(counts.values())} documents of {len(recorded.channels)} channels"


def _count(repository: BenchmarkRepository, recorded: RecordedDataset) -> dict[str, int]:
    return {
        f"{channel} {collection}": sum(
            1 for _ in repository.find(collection, DatasetQuery(recorded.window, channel))
        )
        for channel in recorded.channels
        for collection in Collection
    }


class DigestProbe:
    """Passes when the LLM API turns a fixed day of posts into a Russian digest of those posts."""

    def __init__(self, call: CallModel) -> None:
        self._call = call

    def ask(self) -> str:
        """Return the model's name and its latency."""
        prompt = build_digest_prompt("smoke_check", _DAY, POSTS)
        reply = self._call(lambda model: model.complete(ChatRequest(prompt.system, prompt.user)))
        said = set(_CYRILLIC_WORD.findall(reply.text.lower()))
        given = set(_CYRILLIC_WORD.findall(" ".join(POSTS).lower()))
        if len(said & given) < _FEWEST_WORDS:
            raise ToolkitError(f"the digest is not about its posts: {reply.text[:80]!r}", where=reply.model)
        return f"{reply.model} answered in {reply.latency_seconds:.3f} s"


class MetricProbe:
    """Passes when Prometheus has a sample of the metric."""

    def __init__(self, query: InstantQuery, metric: str) -> None:
        self._query = query
        self._metric = metric

    def ask(self) -> str:
        """Return how many series there are."""
        series = self._query(self._metric)
        if not series:
            raise ToolkitError(f"Prometheus has no {self._metric}", next_step=NEXT_STEP)
        return f"{len(series)} series"
