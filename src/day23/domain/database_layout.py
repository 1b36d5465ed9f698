"""What the shared MongoDB must contain before anybody uses it: roles, users, indexes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ADMINISTRATOR = "admin"
"""The user that settles the database; created first."""

SPAN_RETENTION = timedelta(days=30)
"""How long spans are kept: as long as the logs."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Grant(_Part):
    """A role of a database."""

    role: Annotated[str, Field(min_length=1)]
    db: Annotated[str, Field(min_length=1)]

    def __str__(self) -> str:
        return f"{self.role}@{self.db}"


class DatabaseUser(_Part):
    """A user of the `admin` database; the password is the secret `mongodb_<name>`."""

    name: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,30}$")]
    roles: frozenset[Grant]

    @property
    def secret(self) -> str:
        """Name of the secret that holds the password."""
        return f"mongodb_{self.name}"


@dataclass(frozen=True, slots=True)
class Privilege:
    """What may be done to one collection of the role's database."""

    collection: str
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A role that MongoDB does not have built in, in the dataset's database."""

    name: str
    privileges: frozenset[Privilege]


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a collection of the dataset's database.

    Attributes:
        keys: Field and direction (1 or -1), in order.
        expire_after_seconds: Age at which documents are removed; None keeps them.
    """

    collection: str
    keys: tuple[tuple[str, int], ...]
    expire_after_seconds: int | None = None

    def __str__(self) -> str:
        fields = "_".join(f"{field}_{direction}" for field, direction in self.keys)
        return f"{self.collection}.{fields}"


@dataclass(frozen=True, slots=True)
class DatabaseLayout:
    """Everything that one MongoDB must contain.

    Attributes:
        database: Name of the dataset's database, in which roles and indexes live.
    """

    database: str
    users: tuple[DatabaseUser, ...]
    roles: tuple[CustomRole, ...]
    indexes: tuple[Index, ...]


CUSTOM_ROLES = (
    CustomRole("spanWriter", frozenset({Privilege("spans", frozenset({"find", "insert", "update"}))})),
    CustomRole(
        "rulesKeeper",
        frozenset(Privilege(name, frozenset({"collMod"})) for name in ("digests", "review_reports")),
    ),
)
"""Roles narrower than any built-in one."""

_NEWEST_FIRST = (("created_at", -1), ("_id", 1))

INDEXES = (
    Index("digests", (("channel", 1), *_NEWEST_FIRST)),
    Index("review_reports", (("assignment_id", 1), *_NEWEST_FIRST)),
    Index("spans", (("start_time", 1),), int(SPAN_RETENTION.total_seconds())),
)
"""The order in which verify, export and benchmark read one channel, and the end of old spans."""
