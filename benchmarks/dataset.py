"""A dataset for measurements: digests of about 7 KB in Russian, the same on every machine."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from pymongo import MongoClient

_NEWS = (
    "рубль банк курс ставка рынок компания проект сегодня стало известно рост падение процент "
    "команда разработка сервис обновление пользователь данные модель запуск новый день город"
)
_WORDS = _NEWS.split()
_POSTS = 7
_WORDS_PER_POST = 38
_DAYS = 30
_END = datetime(2025, 11, 16, tzinfo=UTC)


def fill(client: MongoClient[dict[str, Any]], database: str, documents: int) -> int:
    """Store `documents` digests unless they are there; return the mean size in bytes."""
    digests = client[database].digests
    if digests.estimated_document_count() != documents:
        client.drop_database(database)
        digests.create_index([("created_at", -1), ("_id", 1)])
        batch: list[dict[str, Any]] = []
        for document in make_digests(documents):
            batch.append(document)
            if len(batch) == 1000:
                digests.insert_many(batch, ordered=False)
                batch = []
        if batch:
            digests.insert_many(batch, ordered=False)
    window = {"start": _END - timedelta(days=_DAYS), "end": _END, "channels": ["bench"], "seeded_at": _END}
    client[database].dataset_windows.replace_one({"_id": "latest"}, window, upsert=True)
    return int(client[database].command("collStats", "digests")["avgObjSize"])


def make_digests(documents: int, seed: int = 23) -> Iterator[dict[str, Any]]:
    """Yield digests in the shape of `butler.digests`."""
    choose = random.Random(seed)  # noqa: S311 - reproducible text, no secret
    for number in range(documents):
        created_at = _END - timedelta(minutes=1 + number * _DAYS * 1439 // documents)
        yield _digest(number, created_at, choose)


def _digest(number: int, created_at: datetime, choose: random.Random) -> dict[str, Any]:
    posts = [_post(choose, created_at) for _ in range(_POSTS)]
    flags = {"enable_quality_evaluation": True, "enable_async_long_summarization": False}
    scores = {"coverage": 0.91, "accuracy": 0.93, "coherence": 0.9, "informativeness": 0.92}
    return {
        "_id": sha256(f"digests|bench|{number}".encode()).hexdigest(),
        "digest_id": f"@bench_channel-{number}",
        "channel": "@bench_channel",
        "language": "ru",
        "summary_markdown": "## Главное\n\n" + "\n".join(f"- {post['title']}" for post in posts[:5]),
        "posts": posts,
        "feature_flags": flags,
        "latency_seconds": 0.25 + number % 7 / 100,
        "created_at": created_at,
        "provenance": "synthetic",
        "metadata": {"feature_flags": flags, "llm_model": "extractive-lexrank-ru-v1", "time_range_hours": 24},
        "quality": {
            "llm_judge": {
                "judge_model": "deterministic-ru-v1",
                "prompt_version": "benchmark-2025-11-v1",
                "scores": scores,
                "verdict": "MEETS_EXPECTATIONS",
            }
        },
    }


def _post(choose: random.Random, posted_at: datetime) -> dict[str, Any]:
    text = " ".join(choose.choices(_WORDS, k=_WORDS_PER_POST)).capitalize() + "."
    return {
        "title": text[:40],
        "summary": text[:120],
        "text": text,
        "post_id": choose.randrange(10**6),
        "posted_at": posted_at,
    }
