"""Wiring of the database's administration."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from day23.application.settle_mongodb import SettleMongodb
from day23.domain.database_layout import DatabaseLayout
from day23.domain.stack_context import StackContext
from day23.infrastructure.mongo.administration import MongodbServer
from day23.infrastructure.secret_store import SecretStore


@contextmanager
def settle_mongodb(
    context: StackContext, port: int, replica_set: str, layout: DatabaseLayout
) -> Iterator[SettleMongodb]:
    """Build the use case that brings the stack's MongoDB to its layout; close it before a stop."""
    address = f"{context.bind}:{port}"
    server = MongodbServer(address, replica_set, SecretStore(context.paths), context.paths.data / "mongodb")
    with closing(server):
        yield SettleMongodb(server, address, layout)
