"""Probes that speak the protocol of the service they ask."""

from collections.abc import Callable
from typing import Any

from pymongo import MongoClient, timeout
from pymongo.errors import OperationFailure, PyMongoError

from day23.domain.errors import ToolkitError
from day23.infrastructure.http_get import get

ANSWER_SECONDS = 5.0


class HttpProbe:
    """Asks for a page that a service serves only when it is ready.

    Args:
        address: Returns the base URL; raises ToolkitError when it is not known.
        path: What to ask for.
    """

    def __init__(self, address: Callable[[], str], path: str) -> None:
        self._address = address
        self._path = path

    def ask(self) -> str:
        """Return the address that answered."""
        url = self._address() + self._path
        get(url, ANSWER_SECONDS)
        return url


class MongoProbe:
    """Logs in as a real user and asks for a ping and for the server's role.

    Args:
        connect: Makes a client with that user's password.
    """

    def __init__(self, connect: Callable[[], MongoClient[dict[str, Any]]], database: str) -> None:
        self._connect = connect
        self._database = database

    def ask(self) -> str:
        """Return the server's version and address."""
        with self._connect() as client:
            try:
                with timeout(ANSWER_SECONDS):
                    return self._ask(client)
            except OperationFailure as error:
                raise ToolkitError(
                    f"MongoDB refuses: {(error.details or {}).get('errmsg', error.code)}"
                ) from None
            except PyMongoError as error:
                raise ToolkitError(f"MongoDB does not answer: {type(error).__name__}") from None

    def _ask(self, client: MongoClient[dict[str, Any]]) -> str:
        client[self._database].command("ping")
        if not client.admin.command("hello").get("isWritablePrimary"):
            raise ToolkitError("MongoDB answers but is no writable primary")
        host, port = client.address or ("", 0)
        return f"MongoDB {client.server_info()['version']} at {host}:{port}"
