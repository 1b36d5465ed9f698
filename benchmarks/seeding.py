"""Insertion as seeding does it, beside a plain loop of `insert_many`."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from dataset import make_digests
from pymongo import MongoClient

from day23.application.ports import Collection
from day23.domain.statistics.bootstrap import bootstrap_mean
from day23.infrastructure.mongo.benchmark_repository import MongoBenchmarkRepository

_DATABASE = "seeding_benchmark"
_DOCUMENTS = 10_000
_BATCH = 500


def measure_seeding(url: str, runs: int) -> dict[str, Any]:
    """Insert the same documents both ways, in turns, each time into an empty database."""
    documents = list(make_digests(_DOCUMENTS))
    with MongoClient[dict[str, Any]](url, tz_aware=True) as client:
        measured = [
            (_timed(client, documents, _seed), _timed(client, documents, _plain)) for _ in range(runs)
        ]
        client.drop_database(_DATABASE)
    ratios = [ours / plain for ours, plain in measured]
    interval = bootstrap_mean(ratios)
    return {
        "documents": _DOCUMENTS,
        "documents_per_second": round(_DOCUMENTS / statistics.median(ours for ours, _ in measured)),
        "plain_documents_per_second": round(_DOCUMENTS / statistics.median(plain for _, plain in measured)),
        "time against insert_many": [round(statistics.fmean(ratios), 3), interval.low, interval.high],
    }


def _timed(
    client: MongoClient[dict[str, Any]],
    documents: list[dict[str, Any]],
    insert: Callable[[MongoClient[dict[str, Any]], list[dict[str, Any]]], None],
) -> float:
    client.drop_database(_DATABASE)
    started = time.perf_counter()
    for first in range(0, len(documents), _BATCH):
        insert(client, documents[first : first + _BATCH])
    return time.perf_counter() - started


def _seed(client: MongoClient[dict[str, Any]], batch: list[dict[str, Any]]) -> None:
    """Skip what is stored and wait for the journal of a majority."""
    MongoBenchmarkRepository(client, _DATABASE).insert_missing(Collection.DIGESTS, batch)


def _plain(client: MongoClient[dict[str, Any]], batch: list[dict[str, Any]]) -> None:
    client[_DATABASE].digests.insert_many(batch)
