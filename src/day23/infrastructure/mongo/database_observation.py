"""Read what a MongoDB has of its layout."""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from pymongo import MongoClient

from day23.domain.database_layout import DatabaseLayout, DatabaseUser, Grant, Privilege
from day23.domain.database_plan import ObservedDatabase, ObservedUser
from day23.domain.scram import stored_key
from day23.infrastructure.secret_store import SecretStore

_MECHANISM = "SCRAM-SHA-256"


def observe_database(
    client: MongoClient[dict[str, Any]], layout: DatabaseLayout, store: SecretStore
) -> ObservedDatabase:
    """Return the users, roles and indexes that the server has, as far as the layout knows them."""
    return ObservedDatabase(
        users=_users(client, layout, store),
        roles=_roles(client, layout.database),
        indexes=_indexes(client, layout),
    )


def _users(
    client: MongoClient[dict[str, Any]], layout: DatabaseLayout, store: SecretStore
) -> Mapping[str, ObservedUser]:
    answer = client.admin.command("usersInfo", 1, showCredentials=True)
    found = {user["user"]: user for user in answer["users"]}
    return {
        user.name: ObservedUser(_grants(found[user.name]), _is_current(user, found[user.name], store))
        for user in layout.users
        if user.name in found
    }


def _grants(user: Mapping[str, Any]) -> frozenset[Grant]:
    return frozenset(Grant(role=role["role"], db=role["db"]) for role in user["roles"])


def _is_current(user: DatabaseUser, found: Mapping[str, Any], store: SecretStore) -> bool:
    """Compare without logging in: a wrong password leaves no failed attempt in the server's log."""
    credentials = found["credentials"].get(_MECHANISM)
    if credentials is None:
        return False
    expected = stored_key(store.read(user.secret), credentials["salt"], credentials["iterationCount"])
    return compare_digest(expected, credentials["storedKey"])


def _roles(client: MongoClient[dict[str, Any]], database: str) -> Mapping[str, frozenset[Privilege]]:
    answer = client[database].command("rolesInfo", 1, showPrivileges=True)
    return {role["role"]: frozenset(map(_privilege, role["privileges"])) for role in answer["roles"]}


def _privilege(found: Mapping[str, Any]) -> Privilege:
    return Privilege(found["resource"].get("collection", ""), frozenset(found["actions"]))


def _indexes(
    client: MongoClient[dict[str, Any]], layout: DatabaseLayout
) -> Mapping[tuple[str, tuple[tuple[str, int], ...]], int | None]:
    return {
        (collection, tuple(index["key"].items())): index.get("expireAfterSeconds")
        for collection in {index.collection for index in layout.indexes}
        for index in client[layout.database][collection].list_indexes()
    }
