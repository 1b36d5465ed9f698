"""Wiring of dumps: the stack's database, a folder, and the lock of whoever writes the dataset."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from day23.application.move_database import DumpDatabase, LoadDatabase
from day23.application.ports import Progress
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.dumps.bson_folder import BsonFolder
from day23.infrastructure.locks import exclusive_lock
from day23.infrastructure.mongo.database_contents import DatabaseContents
from day23.settings import Settings
from day23.wiring.connections import mongo_client

_USER = "admin"
"""The only user who reads every collection and may store what the rules would refuse today."""


@contextmanager
def dump_database(settings: Settings, folder: Path, progress: Progress) -> Iterator[DumpDatabase]:
    """Build the use case that writes the stack's database to `folder`."""
    with mongo_client(settings, _USER) as client:
        contents = DatabaseContents(client, settings.db_name)
        yield DumpDatabase(contents, BsonFolder(folder), settings.db_name, version("day23"), progress)


@contextmanager
def load_database(settings: Settings, folder: Path, progress: Progress) -> Iterator[LoadDatabase]:
    """Build the use case that loads a dump into the stack's database; nobody seeds meanwhile.

    Raises:
        LockedError: Somebody seeds.
    """
    lock = StackPaths(settings.stack_root).run / "seed.lock"
    with exclusive_lock(lock, "load a dump"), mongo_client(settings, _USER) as client:
        contents = DatabaseContents(client, settings.db_name)
        yield LoadDatabase(contents, BsonFolder(folder), settings.db_name, progress)
