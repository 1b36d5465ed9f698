"""A dump and a load carry every document byte for byte, finish what was cut short, and overwrite nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bson import Decimal128, Int64, ObjectId, Regex
from bson.raw_bson import DEFAULT_RAW_BSON_OPTIONS
from pymongo import MongoClient

from day23.application.move_database import DumpDatabase, LoadDatabase
from day23.application.ports import ProgressState
from day23.domain.errors import ToolkitError
from day23.infrastructure.dumps.bson_folder import BsonFolder
from day23.infrastructure.mongo.database_contents import DatabaseContents

WHEN = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
AWKWARD: list[dict[str, Any]] = [
    {"_id": "text", "z": 1, "a": Int64(1), "float": 1.0, "none": None, "nested": {"b": [1, "два", {}]}},
    {"_id": ObjectId(), "date": WHEN, "decimal": Decimal128("1.10")},
    {"_id": {"a": 1, "b": 2}, "pattern": Regex("^x", "i"), "bytes": b"\x00\xff", "$odd": 1, "dotted.key": 2},
    {"_id": Int64(7), "huge": "п" * 200_000},
]


class Silence:
    """Progress that nobody watches."""

    def report(self, subject: str, state: ProgressState, **_: Any) -> None:
        """Forget it."""


class Databases:
    """A source, a target and the folder between them."""

    def __init__(self, client: MongoClient[dict[str, Any]], folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.source, self.target = (client[f"test_{uuid4().hex[:12]}"] for _ in range(2))

    def dump(self) -> None:
        contents = DatabaseContents(self.client, self.source.name)
        DumpDatabase(contents, BsonFolder(self.folder), "butler", "1", Silence()).run()

    def load(self) -> dict[str, int]:
        contents = DatabaseContents(self.client, self.target.name)
        return LoadDatabase(contents, BsonFolder(self.folder), "butler", Silence()).run().inserted

    def bytes_of(self, database: Any, collection: str) -> list[bytes]:
        raw = database.with_options(codec_options=DEFAULT_RAW_BSON_OPTIONS)
        return [document.raw for document in raw[collection].find({}, sort=[("_id", 1)])]


@pytest.fixture
def databases(mongodb_url: str, tmp_path: Path) -> Iterator[Databases]:
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        made = Databases(client, tmp_path / "dump")
        made.source.odd.insert_many(AWKWARD)
        made.source.many.insert_many({"_id": number} for number in range(1200))
        yield made
        for database in (made.source, made.target):
            client.drop_database(database)


def test_every_document_arrives_byte_for_byte(databases: Databases) -> None:
    databases.dump()

    assert databases.load() == {"many": 1200, "odd": len(AWKWARD)}
    for name in ("odd", "many"):
        arrived = databases.bytes_of(databases.target, name)
        assert arrived == databases.bytes_of(databases.source, name)


def test_only_the_owner_reads_a_dump(databases: Databases) -> None:
    databases.dump()

    everything = (databases.folder, *databases.folder.iterdir())
    assert [path.stat().st_mode & 0o077 for path in everything] == [0] * 4


def test_loading_again_finishes_what_was_cut_short_and_then_changes_nothing(databases: Databases) -> None:
    databases.dump()
    databases.target.many.insert_many({"_id": number} for number in range(700))

    assert databases.load() == {"many": 500, "odd": len(AWKWARD)}
    assert databases.load() == {"many": 0, "odd": 0}


def test_documents_with_other_content_are_kept_and_told(databases: Databases) -> None:
    databases.dump()
    databases.target.many.insert_one({"_id": 3, "mine": True})

    with pytest.raises(ToolkitError, match="1 of many"):
        databases.load()

    assert databases.target.many.find_one({"_id": 3}) == {"_id": 3, "mine": True}
    assert databases.target.many.count_documents({}) == 1200


def test_a_rule_that_came_later_loses_no_document(databases: Databases) -> None:
    databases.dump()
    databases.target.create_collection("odd", validator={"$jsonSchema": {"required": ["no_such_field"]}})

    assert databases.load()["odd"] == len(AWKWARD)


def test_an_index_that_keeps_a_document_out_is_told(databases: Databases) -> None:
    databases.dump()
    databases.target.many.create_index("twin", unique=True)

    with pytest.raises(ToolkitError, match="1199 of many"):
        databases.load()


def test_a_dump_that_was_cut_short_is_none_and_can_be_made_again(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(BsonFolder, "finish", cut)
        with pytest.raises(KeyboardInterrupt):
            databases.dump()
    with pytest.raises(ToolkitError, match="no finished dump"):
        databases.load()

    databases.dump()
    assert databases.load()["many"] == 1200


def test_a_finished_dump_is_never_overwritten(databases: Databases) -> None:
    databases.dump()
    before = {path.name: path.read_bytes() for path in databases.folder.iterdir()}

    with pytest.raises(ToolkitError, match="is not empty"):
        databases.dump()

    assert {path.name: path.read_bytes() for path in databases.folder.iterdir()} == before


@pytest.mark.parametrize("damage", ["flipped", "cut"])
def test_a_damaged_dump_is_refused_before_anything_is_stored(databases: Databases, damage: str) -> None:
    databases.dump()
    file = databases.folder / "many.bson"
    content = file.read_bytes()
    flipped = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
    file.write_bytes(flipped if damage == "flipped" else content[:-1])

    with pytest.raises(ToolkitError, match=r"many\.bson is not what the dump wrote"):
        databases.load()

    assert databases.target.list_collection_names() == []
