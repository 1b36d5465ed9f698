"""What has to change so that a MongoDB contains its layout."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from day23.domain.database_layout import (
    CustomRole,
    DatabaseLayout,
    DatabaseUser,
    Grant,
    Index,
    Privilege,
)


@dataclass(frozen=True, slots=True)
class ObservedUser:
    """A user as the server has it.

    Attributes:
        password_is_current: Whether the server's password is the one in the secret file.
    """

    roles: frozenset[Grant]
    password_is_current: bool


@dataclass(frozen=True, slots=True)
class ObservedDatabase:
    """What the server has; nothing, before it is initiated.

    Attributes:
        indexes: Seconds after which documents expire, or None, by collection and keys.
    """

    users: Mapping[str, ObservedUser] = field(default_factory=dict)
    roles: Mapping[str, frozenset[Privilege]] = field(default_factory=dict)
    indexes: Mapping[tuple[str, tuple[tuple[str, int], ...]], int | None] = field(default_factory=dict)


class Action(StrEnum):
    """What one change does."""

    CREATE_ROLE = "create role"
    SET_PRIVILEGES = "set privileges of role"
    CREATE_USER = "create user"
    SET_CREDENTIALS = "set password of user"
    SET_ROLES = "set roles of user"
    CREATE_INDEX = "create index"
    SET_EXPIRY = "set expiry of index"


@dataclass(frozen=True, slots=True)
class DatabaseChange:
    """One change, what it is about, and what it replaces by what."""

    action: Action
    target: CustomRole | DatabaseUser | Index
    detail: str = ""

    def __str__(self) -> str:
        name = str(self.target) if isinstance(self.target, Index) else self.target.name
        return f"{self.action} {name}" + (f": {self.detail}" if self.detail else "")


def plan(layout: DatabaseLayout, observed: ObservedDatabase) -> tuple[DatabaseChange, ...]:
    """Return the changes in an order in which each can be applied; empty when nothing differs.

    Users, roles and indexes that the layout does not know are left alone.
    """
    return (
        *_role_changes(layout, observed),
        *_user_changes(layout, observed),
        *_index_changes(layout, observed),
    )


def _role_changes(layout: DatabaseLayout, observed: ObservedDatabase) -> Iterator[DatabaseChange]:
    for role in layout.roles:
        if role.name not in observed.roles:
            yield DatabaseChange(Action.CREATE_ROLE, role)
        elif observed.roles[role.name] != role.privileges:
            yield DatabaseChange(Action.SET_PRIVILEGES, role)


def _user_changes(layout: DatabaseLayout, observed: ObservedDatabase) -> Iterator[DatabaseChange]:
    for user in layout.users:
        known = observed.users.get(user.name)
        if known is None:
            yield DatabaseChange(Action.CREATE_USER, user)
            continue
        if not known.password_is_current:
            yield DatabaseChange(Action.SET_CREDENTIALS, user)
        if known.roles != user.roles:
            detail = f"{_words(known.roles)} -> {_words(user.roles)}"
            yield DatabaseChange(Action.SET_ROLES, user, detail)


def _index_changes(layout: DatabaseLayout, observed: ObservedDatabase) -> Iterator[DatabaseChange]:
    for index in layout.indexes:
        key = (index.collection, index.keys)
        if key not in observed.indexes:
            yield DatabaseChange(Action.CREATE_INDEX, index)
        elif observed.indexes[key] != index.expire_after_seconds:
            detail = f"{observed.indexes[key]} -> {index.expire_after_seconds} s"
            yield DatabaseChange(Action.SET_EXPIRY, index, detail)


def _words(grants: frozenset[Grant]) -> str:
    return ", ".join(sorted(map(str, grants))) or "none"
