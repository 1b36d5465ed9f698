"""The dataset at one point in time, read from a replica set of any size."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from bson.timestamp import Timestamp
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from day23.application.ports import (
    Collection,
    DatasetQuery,
    Document,
    DocumentPosition,
    RecordedDataset,
)
from day23.domain.errors import ToolkitError
from day23.infrastructure.mongo.benchmark_repository import MongoBenchmarkRepository
from day23.infrastructure.mongo.dataset_query import ORDER, mongo_filter
from day23.infrastructure.mongo.plain_errors import told_plainly

_CODEC: CodecOptions[dict[str, Any]] = CodecOptions(
    tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO
)
"""Dates that Python's own type cannot hold become milliseconds instead of an error."""
_BATCH_DOCUMENTS = 100  # batches that fit the cache decode faster than large ones
_NO_REPLICA_SET = frozenset({123, 246})
_TOO_OLD = frozenset({239, 246})

Connect = Callable[[], MongoClient[dict[str, Any]]]


class DatasetSnapshot:
    """Implements `ExportSource` with snapshot reads; its cluster time is fixed by the first one.

    The server keeps a moment for `minSnapshotHistoryWindowInSeconds` (300 by default); a read that starts
    later than that is refused and told.

    Args:
        connect: Opens a client; the snapshot closes it with `close`.
        database: Name of the database.
        moment: The cluster time to read at; None takes the present.
    """

    def __init__(self, connect: Connect, database: str, moment: Timestamp | None = None) -> None:
        self._connect = connect
        self._client = connect()
        self._name = database
        self._database = self._client.get_database(database, codec_options=_CODEC)
        self._moment = moment

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def find(self, collection: Collection, query: DatasetQuery) -> Iterator[Document]:
        """Yield documents, newest `created_at` first, ties by `_id`; dates are tz-aware UTC."""
        options: dict[str, Any] = {"limit": query.limit} if query.limit else {}
        if query.without:
            options["projection"] = dict.fromkeys(query.without, 0)
        with told_plainly(collection), _told_reading(collection):
            yield from self._read(collection, query, **options)

    def positions(self, collection: Collection, query: DatasetQuery, every: int) -> list[DocumentPosition]:
        """Return where parts of `every` documents begin, the first part excepted."""
        found: list[DocumentPosition] = []
        remaining = query.limit
        with told_plainly(collection), _told_reading(collection):
            while remaining is None or remaining > every:
                since = found[-1] if found else query.since
                cut = DatasetQuery(query.window, query.channel, query.language, since=since)
                options = {"skip": every, "limit": 1, "projection": {"created_at": 1}}
                first = next(iter(self._read(collection, cut, **options)), None)
                if first is None:
                    break
                found.append(DocumentPosition(first["created_at"], first["_id"]))
                remaining = None if remaining is None else remaining - every
        return found

    def recorded_dataset(self) -> RecordedDataset | None:
        """Return what the last finished seed recorded."""
        return MongoBenchmarkRepository(self._client, self._name).recorded_dataset()

    def moment(self) -> str:
        """Return the cluster time of all reads as `<seconds>.<increment>`."""
        moment = self._fixed_moment()
        return f"{moment.time}.{moment.inc}"

    def resume(self, moment: str) -> bool:
        """Read at an earlier moment, if the server still keeps it."""
        seconds, _, increment = moment.partition(".")
        earlier = Timestamp(int(seconds), int(increment))
        try:
            self._database.command(self._probe(earlier))
        except OperationFailure:
            return False
        self._moment = earlier
        return True

    @contextmanager
    def reconnected(self) -> Iterator["DatasetSnapshot"]:
        """Yield the same moment over a connection of its own."""
        other = DatasetSnapshot(self._connect, self._name, self._fixed_moment())
        try:
            yield other
        finally:
            other.close()

    def _read(self, collection: Collection, query: DatasetQuery, **options: Any) -> Iterator[Document]:
        concern = {"level": "snapshot", "atClusterTime": self._fixed_moment()}
        yield from self._database.cursor_command(
            "find",
            collection.value,
            filter=mongo_filter(collection, query),
            sort=dict(ORDER),
            batchSize=_BATCH_DOCUMENTS,
            readConcern=concern,
            codec_options=_CODEC,
            **options,
        ).batch_size(_BATCH_DOCUMENTS)

    def _fixed_moment(self) -> Timestamp:
        if self._moment is None:
            with told_plainly("snapshot"), _told_without_replica_set():
                self._moment = self._database.command(self._probe(None))["cursor"]["atClusterTime"]
        return self._moment

    def _probe(self, moment: Timestamp | None) -> dict[str, Any]:
        concern: dict[str, Any] = {"level": "snapshot"} | ({"atClusterTime": moment} if moment else {})
        probe: dict[str, Any] = {"find": Collection.DIGESTS.value, "limit": 1, "singleBatch": True}
        return probe | {"readConcern": concern}


@contextmanager
def _told_without_replica_set() -> Iterator[None]:
    try:
        yield
    except OperationFailure as error:
        if error.code not in _NO_REPLICA_SET:
            raise
        raise ToolkitError(
            "an export reads one point in time, which a standalone mongod cannot show",
            where="readConcern snapshot",
            next_step="run mongod as a replica set; one member is enough",
        ) from None


@contextmanager
def _told_reading(collection: Collection) -> Iterator[None]:
    try:
        yield
    except BSONError as error:
        raise ToolkitError(
            f"a stored document cannot be read: {str(error)[:200]}",
            where=collection.value,
            next_step="find and repair it; `validate` of MongoDB names damaged documents",
        ) from None
    except OperationFailure as error:
        if error.code not in _TOO_OLD:
            raise
        raise ToolkitError(
            "the export took longer than the server remembers the moment it began",
            where=collection.value,
            next_step="use --processes, or raise minSnapshotHistoryWindowInSeconds of mongod",
        ) from None
