"""Administration of one MongoDB server, from an empty data folder on."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from day23.domain.database_layout import ADMINISTRATOR, DatabaseLayout
from day23.domain.database_plan import DatabaseChange, ObservedDatabase
from day23.domain.errors import ToolkitError
from day23.infrastructure.mongo.client import connect
from day23.infrastructure.mongo.database_changes import apply_change
from day23.infrastructure.mongo.database_observation import observe_database
from day23.infrastructure.secret_store import SecretStore

Client = MongoClient[dict[str, Any]]

_POLL_SECONDS = 0.05
_ANSWER_MILLISECONDS = 10_000
_AUTHENTICATION_FAILED = 18
_NOT_YET_INITIALIZED = 94
_INTERNAL_USER = "__system"
_KEY_FILE = "mongodb_keyfile"


class MongodbServer:
    """Implements `MongoAdministration` over the wire.

    It authenticates as the administrator; where that user does not exist yet, or its password in
    the secret file is a new one, as MongoDB's internal user, whose password is the key file. So an
    interrupted first start and a rotated password need no open door and no restart.

    Args:
        address: `host:port` of the server.
        replica_set: Name that the server was started with.
        store: Secrets: `mongodb_keyfile` and one password per user.
        data: The server's data folder.
    """

    def __init__(self, address: str, replica_set: str, store: SecretStore, data: Path) -> None:
        self._address = address
        self._replica_set = replica_set
        self._store = store
        self._data = data
        self._administrator: Client | None = None

    def close(self) -> None:
        """Close the connection; must happen before the server is stopped."""
        if self._administrator:
            self._administrator.close()
            self._administrator = None

    def is_listening(self) -> bool:
        """Tell whether the server accepts connections now."""
        host, _, port = self._address.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=_ANSWER_MILLISECONDS / 1000):
                return True
        except OSError:
            return False

    def has_data(self) -> bool:
        """Tell whether the server has run before."""
        return (self._data / "WiredTiger").exists()

    def wait_until_listening(self, within: float) -> None:
        """Raise `ToolkitError` unless the server accepts connections within `within` seconds."""
        if not _eventually(self.is_listening, within):
            raise self._error(f"MongoDB does not listen after {within:g} s", "invoke day23.logs mongodb")

    def wait_until_primary(self, within: float) -> None:
        """Raise `ToolkitError` unless the server takes writes within `within` seconds."""
        with self._told_plainly("say whether it takes writes"):
            is_primary = _eventually(lambda: bool(self._hello().get("isWritablePrimary")), within)
        if not is_primary:
            raise self._error(f"MongoDB takes no writes after {within:g} s", "invoke day23.logs mongodb")

    def members(self) -> Sequence[str]:
        """Return `host:port` of the replica set's members; empty before it is initiated."""
        with self._told_plainly("show its replica set"):
            try:
                return [member["host"] for member in self._configuration()["members"]]
            except OperationFailure as error:
                if error.code == _NOT_YET_INITIALIZED:
                    return []
                raise

    def initiate(self, member: str) -> None:
        """Make a replica set of one member."""
        configuration = {"_id": self._replica_set, "members": [{"_id": 0, "host": member}]}
        with self._told_plainly("initiate the replica set"):
            self._command("replSetInitiate", configuration)

    def readdress(self, member: str) -> None:
        """Give the only member another address; forced, because nobody is primary until then."""
        with self._told_plainly("change its address in the replica set"):
            configuration = self._configuration()
            configuration["members"][0]["host"] = member
            configuration["version"] += 1
            self._command("replSetReconfig", configuration, force=True)

    def observe(self, layout: DatabaseLayout) -> ObservedDatabase:
        """Return what the server has of the layout."""
        with self._told_plainly("show its users and indexes"):
            return observe_database(self._connection(), layout, self._store)

    def apply(self, change: DatabaseChange, layout: DatabaseLayout) -> None:
        """Make one change."""
        with self._told_plainly(str(change)):
            apply_change(self._connection(), change, layout, self._store)

    def _hello(self) -> dict[str, Any]:
        return self._command("hello")

    def _configuration(self) -> dict[str, Any]:
        configuration: dict[str, Any] = self._command("replSetGetConfig")["config"]
        return configuration

    def _command(self, name: str, value: Any = 1, **options: Any) -> dict[str, Any]:
        return dict(self._connection().admin.command(name, value, **options))

    def _connection(self) -> Client:
        if self._administrator is None:
            self._administrator = self._authenticated()
        return self._administrator

    def _authenticated(self) -> Client:
        attempts = (
            (ADMINISTRATOR, f"mongodb_{ADMINISTRATOR}", "admin"),
            (_INTERNAL_USER, _KEY_FILE, "local"),
        )
        for user, secret, source in attempts:
            client = self._client(user, self._store.read(secret), source)
            try:
                client.admin.command("ping")
            except OperationFailure as error:
                client.close()
                if error.code != _AUTHENTICATION_FAILED:
                    raise
            else:
                return client
        raise self._error(
            "MongoDB accepts neither the administrator's password nor the key file of this stack",
            "restore the secrets folder that belongs to this data folder, "
            "or restart MongoDB if its key file was changed",
        )

    def _client(self, user: str, password: str, source: str) -> Client:
        return connect(
            f"mongodb://{self._address}",
            directConnection=True,
            username=user,
            password=password,
            authSource=source,
            authMechanism="SCRAM-SHA-256",
            serverSelectionTimeoutMS=_ANSWER_MILLISECONDS,
            appname="day23-administration",
        )

    @contextmanager
    def _told_plainly(self, attempt: str) -> Iterator[None]:
        try:
            yield
        except OperationFailure as error:
            reason = (error.details or {}).get("codeName", f"code {error.code}")
            raise self._error(
                f"MongoDB refused to {attempt}: {reason}", "invoke day23.logs mongodb"
            ) from None
        except PyMongoError as error:
            raise self._error(
                f"MongoDB did not {attempt}: {type(error).__name__}", "invoke day23.logs mongodb"
            ) from None

    def _error(self, what: str, next_step: str) -> ToolkitError:
        return ToolkitError(what, where=self._address, next_step=next_step)


def _eventually(condition: Callable[[], bool], within: float) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
