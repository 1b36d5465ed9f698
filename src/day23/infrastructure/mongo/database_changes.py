"""Make one change that brings a MongoDB closer to its layout."""

from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from day23.domain.database_layout import CustomRole, DatabaseLayout, DatabaseUser, Index
from day23.domain.database_plan import Action, DatabaseChange
from day23.infrastructure.secret_store import SecretStore

_MECHANISMS = ["SCRAM-SHA-256"]


def apply_change(
    client: MongoClient[dict[str, Any]], change: DatabaseChange, layout: DatabaseLayout, store: SecretStore
) -> None:
    """Send the one command that makes the change; passwords go into its body only."""
    database = client[layout.database]
    match change.target:
        case CustomRole() as role:
            _write_role(database, change.action, role)
        case DatabaseUser() as user:
            _write_user(client.admin, change.action, user, store)
        case Index() as index:
            _write_index(database, change.action, index)


def _write_role(database: Database[dict[str, Any]], action: Action, role: CustomRole) -> None:
    privileges = [
        {
            "resource": {"db": database.name, "collection": privilege.collection},
            "actions": sorted(privilege.actions),
        }
        for privilege in sorted(role.privileges, key=lambda privilege: privilege.collection)
    ]
    if action is Action.CREATE_ROLE:
        database.command("createRole", role.name, privileges=privileges, roles=[])
    else:
        database.command("updateRole", role.name, privileges=privileges, roles=[])


def _write_user(
    admin: Database[dict[str, Any]], action: Action, user: DatabaseUser, store: SecretStore
) -> None:
    roles = [grant.model_dump() for grant in sorted(user.roles, key=str)]
    password: dict[str, Any] = {"pwd": store.read(user.secret), "mechanisms": _MECHANISMS}
    match action:
        case Action.CREATE_USER:
            admin.command("createUser", user.name, roles=roles, **password)
        case Action.SET_CREDENTIALS:
            admin.command("updateUser", user.name, **password)
        case _:
            admin.command("updateUser", user.name, roles=roles)


def _write_index(database: Database[dict[str, Any]], action: Action, index: Index) -> None:
    seconds = index.expire_after_seconds
    expiry: dict[str, Any] = {"expireAfterSeconds": seconds} if seconds is not None else {}
    if action is Action.CREATE_INDEX:
        database[index.collection].create_index(list(index.keys), **expiry)
    else:
        _replace_index(database, index, expiry)


def _replace_index(database: Database[dict[str, Any]], index: Index, expiry: dict[str, Any]) -> None:
    """Change how long documents are kept; an index can gain or change an expiry, but never lose it."""
    if expiry:
        options = {"keyPattern": dict(index.keys), **expiry}
        database.command("collMod", index.collection, index=options)
    else:
        database[index.collection].drop_index(list(index.keys))
        database[index.collection].create_index(list(index.keys))
