"""Documents of the dataset and a repository in memory, for every floor's tests."""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from day23.application.ports import (
    Collection,
    DatasetQuery,
    Document,
    DocumentPosition,
    ProgressState,
    RecordedDataset,
    SeedProgress,
)
from day23.domain.benchmark_dataset import digest_id, document_id, report_id
from day23.domain.window import Window
from day23.infrastructure.exports.export_files import ExportFiles
from day23.infrastructure.exports.record_schema import load_schemas

REPOSITORY = Path(__file__).parents[2]
SCORES = {"coverage": 0.9, "accuracy": 0.92, "coherence": 0.91, "informativeness": 0.9}
JUDGEMENT = {
    "judge_model": "deterministic-ru-v1",
    "prompt_version": "benchmark-2025-11-v1",
    "scores": SCORES,
    "verdict": "MEETS_EXPECTATIONS",
}
LAST_DAY = date(2025, 11, 15)


def digest(channel: str = "onaboka", day: date = LAST_DAY, **changes: Any) -> Document:
    start = datetime.combine(day, time(), UTC)
    document = {
        "_id": document_id("digests", channel, day),
        "digest_id": digest_id(channel, day),
        "channel": f"@{channel}",
        "language": "ru",
        "summary_markdown": "## Главное за день\n\n"
        "- Рубль укрепился до 104 за доллар.\n- Открыли музей кино.\n- Завтра снег.",
        "posts": [
            {"title": f"Пост {number}", "summary": text, "text": text}
            for number, text in enumerate(
                ("Рубль укрепился до 104 за доллар.", "Открыли музей кино.", "Завтра снег."), 1
            )
        ],
        "feature_flags": {"enable_quality_evaluation": True},
        "latency_seconds": 0.25,
        "created_at": start + timedelta(hours=12),
        "window": {"start": start, "end": start + timedelta(days=1)},
        "provenance": "telegram",
        "metadata": {
            "feature_flags": {"enable_quality_evaluation": True},
            "llm_model": "extractive-lexrank-ru-v1",
            "time_range_hours": 24,
        },
        "quality": {"llm_judge": JUDGEMENT},
    }
    return copy.deepcopy(document | changes)


def report(channel: str = "onaboka", day: date = LAST_DAY, **changes: Any) -> Document:
    start = datetime.combine(day, time(), UTC)
    document = {
        "_id": document_id("review_reports", channel, day),
        "report_id": report_id(channel, day),
        "assignment_id": f"@{channel}",
        "language": "ru",
        "created_at": start + timedelta(hours=12),
        "window": {"start": start, "end": start + timedelta(days=1)},
        "provenance": "synthetic",
        "report": {
            "synthesis": "## Итог рецензии\n\n- Дайджест полон.\n- Дайджест точен.\n- Нет музея кино.",
            "passes": [
                {
                    "pass_name": "pass_1",
                    "summary": "Полнота высокая.",
                    "recommendations": ["Добавить музей кино."],
                    "findings": [{"title": "Пропуск", "description": "Нет музея кино."}],
                },
                {"pass_name": "pass_2", "summary": "Числа верны.", "recommendations": [], "findings": []},
            ],
            "metadata": {
                "llm_model": "deterministic-ru-v1",
                "feature_flags": {"structured_review": True},
                "latency_seconds": 0.02,
                "llm_judge": JUDGEMENT,
            },
        },
    }
    return copy.deepcopy(document | changes)


class MemoryRepository:
    """A `BenchmarkRepository` that keeps documents in a list."""

    def __init__(self, digests: Sequence[Document], reports: Sequence[Document], days: int = 30) -> None:
        self.documents = {Collection.DIGESTS: list(digests), Collection.REVIEW_REPORTS: list(reports)}
        end = datetime.combine(LAST_DAY, time(12), UTC)
        self.recorded: RecordedDataset | None = RecordedDataset(
            Window.ending_with(end, days), ("onaboka",), end
        )

    def find(self, collection: Collection, query: DatasetQuery) -> Iterator[Document]:
        found = [document for document in self.documents[collection] if _matches(document, query)]
        found.sort(key=_order)
        yield from found[: query.limit]

    def recorded_dataset(self) -> RecordedDataset | None:
        return self.recorded

    def positions(self, collection: Collection, query: DatasetQuery, every: int) -> list[DocumentPosition]:
        found = list(self.find(collection, query))[every::every]
        return [DocumentPosition(document["created_at"], document["_id"]) for document in found]

    def moment(self) -> str:
        return "1.1"

    def resume(self, moment: str) -> bool:
        return moment == self.moment()

    def reconnected(self) -> AbstractContextManager["MemoryRepository"]:
        return nullcontext(self)

    def enforce_rules(self) -> None:
        raise NotImplementedError

    def provenances(self, collection: Collection, ids: Sequence[str]) -> dict[str, str]:
        raise NotImplementedError

    def replace_synthetic(self, collection: Collection, documents: Sequence[Document]) -> int:
        raise NotImplementedError

    def record_progress(self, progress: SeedProgress) -> None:
        raise NotImplementedError

    def insert_missing(self, collection: Collection, documents: Sequence[Document]) -> int:
        raise NotImplementedError

    def record_dataset(self, dataset: RecordedDataset) -> None:
        raise NotImplementedError


def _matches(document: Document, query: DatasetQuery) -> bool:
    channel = document.get("channel") or document.get("assignment_id")
    return (
        (query.window is None or query.window.contains(document["created_at"]))
        and (query.channel is None or channel == f"@{query.channel}")
        and (query.language is None or document["language"] == query.language)
        and (query.since is None or _order(document) >= _place(query.since))
        and (query.until is None or _order(document) < _place(query.until))
    )


def _order(document: Document) -> tuple[float, str]:
    return -document["created_at"].timestamp(), document["_id"]


def _place(position: DocumentPosition) -> tuple[float, str]:
    return -position.created_at.timestamp(), position.document_id


class SilentProgress:
    """A `Progress` that remembers what it was told."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, ProgressState]] = []

    def report(
        self,
        subject: str,
        state: ProgressState,
        *,
        done: int | None = None,
        total: int | None = None,
        detail: str = "",
    ) -> None:
        self.reports.append((subject, state))


@pytest.fixture
def make_digest() -> Callable[..., Document]:
    """Builds a sound digest; keyword arguments replace fields."""
    return digest


@pytest.fixture
def make_report() -> Callable[..., Document]:
    """Builds a sound review report; keyword arguments replace fields."""
    return report


@pytest.fixture
def channels() -> tuple[str, ...]:
    """The channels of the stored dataset; a test file may name others."""
    return ("onaboka", "ctorecords")


@pytest.fixture
def repository(channels: tuple[str, ...]) -> MemoryRepository:
    """Every channel with 30 days."""
    days = [LAST_DAY - timedelta(days=back) for back in range(30)]
    return MemoryRepository(
        [digest(channel, day) for channel in channels for day in days],
        [report(channel, day) for channel in channels for day in days],
    )


@pytest.fixture
def progress() -> SilentProgress:
    """Progress that nobody sees."""
    return SilentProgress()


@pytest.fixture(scope="session")
def export_files() -> ExportFiles:
    """Exports on disk with the committed schemas."""
    return ExportFiles(load_schemas(REPOSITORY / "config" / "schemas"), "0.0.test")
