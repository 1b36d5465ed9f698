"""What settling promises, asked of a real server."""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mongod_server import USERS, Mongod, free_port
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from day23.application.settle_mongodb import SettleMongodb
from day23.domain.database_layout import CUSTOM_ROLES, INDEXES, DatabaseLayout, DatabaseUser, Grant
from day23.domain.database_plan import plan
from day23.domain.errors import ToolkitError
from day23.infrastructure.mongo.administration import MongodbServer
from day23.infrastructure.secret_store import SecretStore

pytestmark = pytest.mark.slow

UNAUTHORIZED = 13
ROLES = {
    "admin": ("root", "admin"),
    "seeder": ("readWrite", "butler"),
    "exporter": ("read", "butler"),
    "benchmark": ("read", "butler"),
    "tracer": ("spanWriter", "butler"),
    "butler": ("read", "butler"),
}


def layout(**roles: tuple[str, str]) -> DatabaseLayout:
    users = tuple(
        DatabaseUser(name=name, roles=frozenset({Grant(role=role, db=db)}))
        for name, (role, db) in (ROLES | roles).items()
    )
    return DatabaseLayout("butler", users, CUSTOM_ROLES, INDEXES)


@contextmanager
def settling(
    mongod: Mongod, store: SecretStore, wanted: DatabaseLayout | None = None
) -> Iterator[SettleMongodb]:
    with closing(MongodbServer(mongod.address, "rs0", store, mongod.data)) as server:
        yield SettleMongodb(server, mongod.address, wanted or layout())


def settle(mongod: Mongod, store: SecretStore, wanted: DatabaseLayout | None = None) -> tuple[str, ...]:
    with settling(mongod, store, wanted) as use_case:
        return use_case.run(within=30)


def predict(mongod: Mongod, store: SecretStore) -> tuple[str, ...]:
    with settling(mongod, store) as use_case:
        return use_case.predict()


@contextmanager
def client(mongod: Mongod, user: str, password: str) -> Iterator[MongoClient[dict[str, Any]]]:
    connection: MongoClient[dict[str, Any]] = MongoClient(
        "127.0.0.1",
        mongod.port,
        username=user,
        password=password,
        directConnection=True,
        serverSelectionTimeoutMS=5000,
    )
    with connection:
        yield connection


def is_allowed(action: Callable[[], object]) -> bool:
    try:
        action()
    except OperationFailure as error:
        if error.code != UNAUTHORIZED:
            raise
        return False
    return True


def test_an_empty_server_is_settled_as_predicted_and_then_left_alone(
    mongod: Mongod, store: SecretStore
) -> None:
    virgin = predict(mongod, store)
    mongod.start()
    first = settle(mongod, store)
    assert first == virgin
    assert first[0] == f"initiate replica set with {mongod.address}"
    assert {f"create user {user}" for user in USERS} < set(first)
    assert settle(mongod, store) == ()
    assert predict(mongod, store) == ()


@pytest.mark.parametrize("done", range(len(ROLES) + len(CUSTOM_ROLES) + len(INDEXES) + 1))
def test_a_first_start_killed_after_any_step_is_finished_by_the_next_run(
    mongod: Mongod, store: SecretStore, done: int
) -> None:
    mongod.start()
    with closing(MongodbServer(mongod.address, "rs0", store, mongod.data)) as server:
        server.wait_until_listening(30)
        server.initiate(mongod.address)
        server.wait_until_primary(30)
        for change in plan(layout(), server.observe(layout()))[:done]:
            server.apply(change, layout())
    mongod.end(signal.SIGKILL)
    mongod.start()
    settle(mongod, store)
    assert settle(mongod, store) == ()
    with client(mongod, "seeder", store.read("mongodb_seeder")) as seeder:
        seeder.butler.digests.insert_one({"_id": 1})


def test_nobody_gets_in_without_a_password_once_the_server_is_settled(
    mongod: Mongod, store: SecretStore
) -> None:
    mongod.start()
    settle(mongod, store)
    with MongoClient[dict[str, Any]]("127.0.0.1", mongod.port, directConnection=True) as anybody:
        assert not is_allowed(lambda: anybody.butler.digests.find_one())
        assert not is_allowed(lambda: anybody.admin.command("createUser", "eve", pwd="eve", roles=["root"]))


@pytest.mark.parametrize("user", ["admin", "seeder"])
def test_a_password_changed_in_its_file_is_applied(
    mongod: Mongod, store: SecretStore, user: str, tmp_path: Path
) -> None:
    mongod.start()
    settle(mongod, store)
    old = store.read(f"mongodb_{user}")
    (tmp_path / "secrets" / f"mongodb_{user}").write_text("rotated-password\n", encoding="utf-8")
    assert predict(mongod, store) == (f"set password of user {user}",)
    assert settle(mongod, store) == (f"set password of user {user}",)
    assert settle(mongod, store) == ()
    with client(mongod, user, "rotated-password") as changed:
        changed.butler.digests.find_one()
    with client(mongod, user, old) as outdated, pytest.raises(OperationFailure):
        outdated.butler.digests.find_one()


def test_roles_given_by_hand_are_taken_back(mongod: Mongod, store: SecretStore) -> None:
    mongod.start()
    settle(mongod, store, layout(exporter=("readWriteAnyDatabase", "admin")))
    assert settle(mongod, store) == ("set roles of user exporter: readWriteAnyDatabase@admin -> read@butler",)
    assert settle(mongod, store) == ()


def test_a_changed_expiry_is_corrected(mongod: Mongod, store: SecretStore) -> None:
    mongod.start()
    settle(mongod, store)
    with client(mongod, "admin", store.read("mongodb_admin")) as admin:
        admin.butler.command(
            "collMod", "spans", index={"keyPattern": {"start_time": 1}, "expireAfterSeconds": 60}
        )
    assert settle(mongod, store) == ("set expiry of index spans.start_time_1: 60 -> 2592000 s",)
    assert settle(mongod, store) == ()


def test_another_port_moves_the_member_and_keeps_the_documents(mongod: Mongod, store: SecretStore) -> None:
    mongod.start()
    settle(mongod, store)
    with client(mongod, "seeder", store.read("mongodb_seeder")) as seeder:
        seeder.butler.digests.insert_one({"_id": "kept"})
    before = mongod.address
    mongod.end(signal.SIGTERM)
    mongod.port = free_port()
    mongod.start()
    assert settle(mongod, store) == (f"move member {before} to {mongod.address}",)
    assert settle(mongod, store) == ()
    with client(mongod, "exporter", store.read("mongodb_exporter")) as exporter:
        assert exporter.butler.digests.find_one() == {"_id": "kept"}


def test_secrets_of_another_stack_are_refused_plainly(
    mongod: Mongod, store: SecretStore, tmp_path: Path
) -> None:
    mongod.start()
    settle(mongod, store)
    for name in ("mongodb_admin", "mongodb_keyfile"):
        (tmp_path / "secrets" / name).write_text("of-another-stack", encoding="utf-8")
    with pytest.raises(ToolkitError, match="neither the administrator's password nor the key file"):
        settle(mongod, store)


def test_a_server_that_does_not_run_is_named(mongod: Mongod, store: SecretStore) -> None:
    with settling(mongod, store) as use_case, pytest.raises(ToolkitError, match="does not listen") as raised:
        use_case.run(within=0.2)
    assert mongod.address in str(raised.value)


def test_no_password_reaches_the_servers_log(mongod: Mongod, store: SecretStore) -> None:
    mongod.start()
    settle(mongod, store)
    log = mongod.log.read_text(encoding="utf-8")
    assert "createUser" in log or "replSetInitiate" in log
    assert not [user for user in USERS if store.read(f"mongodb_{user}") in log]


WRITE = "write"
READ = "read"
ALLOWED = {
    ("admin", "digests"): {READ, WRITE},
    ("admin", "spans"): {READ, WRITE},
    ("admin", "users of admin"): {READ},
    ("seeder", "digests"): {READ, WRITE},
    ("seeder", "spans"): {READ, WRITE},
    ("exporter", "digests"): {READ},
    ("exporter", "spans"): {READ},
    ("benchmark", "digests"): {READ},
    ("benchmark", "spans"): {READ},
    ("tracer", "spans"): {READ, WRITE},
    ("butler", "digests"): {READ},
    ("butler", "spans"): {READ},
}


def test_each_user_may_do_what_it_needs_and_nothing_else(mongod: Mongod, store: SecretStore) -> None:
    mongod.start()
    settle(mongod, store)
    seen = {}
    for user in USERS:
        with client(mongod, user, store.read(f"mongodb_{user}")) as connection:
            for collection in ("digests", "review_reports", "spans"):
                seen[user, collection] = _rights(connection.butler[collection])
            seen[user, "users of admin"] = (
                {READ} if is_allowed(connection.admin["system.users"].find_one) else set()
            )
            seen[user, "other database"] = _rights(connection.other.things)
    review = {(user, "review_reports"): ALLOWED.get((user, "digests"), set()) for user in USERS}
    other = {(user, "other database"): {READ, WRITE} if user == "admin" else set() for user in USERS}
    everything = {(user, name): set() for user in USERS for name in ("digests", "spans", "users of admin")}
    assert seen == everything | ALLOWED | review | other


def _rights(collection: Any) -> set[str]:
    document = {"_id": datetime.now(UTC).isoformat()}
    rights = {WRITE} if is_allowed(lambda: collection.insert_one(document)) else set()
    return rights | ({READ} if is_allowed(collection.find_one) else set())
