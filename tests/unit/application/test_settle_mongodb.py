"""Settling MongoDB, interrupted anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from day23.application.settle_mongodb import SettleMongodb
from day23.domain.database_layout import (
    CUSTOM_ROLES,
    INDEXES,
    CustomRole,
    DatabaseLayout,
    DatabaseUser,
    Grant,
)
from day23.domain.database_plan import Action, DatabaseChange, ObservedDatabase, ObservedUser
from day23.domain.errors import ToolkitError

LAYOUT = DatabaseLayout(
    "butler",
    tuple(
        DatabaseUser(name=name, roles=frozenset({Grant(role="read", db="butler")}))
        for name in ("admin", "seeder")
    ),
    CUSTOM_ROLES,
    INDEXES,
)
STEPS = 1 + len(LAYOUT.users) + len(LAYOUT.roles) + len(LAYOUT.indexes)


class Killed(Exception):  # noqa: N818  (no error of the toolkit)
    """The run ended here."""


@dataclass
class Server:
    """A server in memory that can kill the run after a number of changes."""

    listening: bool = True
    data: bool = False
    hosts: list[str] = field(default_factory=list)
    content: ObservedDatabase = field(default_factory=ObservedDatabase)
    lives: int = 1000

    def is_listening(self) -> bool:
        return self.listening

    def has_data(self) -> bool:
        return self.data

    def wait_until_listening(self, within: float) -> None:
        if not self.listening:
            raise ToolkitError("does not listen")

    def wait_until_primary(self, within: float) -> None:
        assert self.hosts, "a server is primary only once it is initiated"

    def members(self) -> Sequence[str]:
        return tuple(self.hosts)

    def initiate(self, member: str) -> None:
        self._live()
        assert not self.hosts
        self.hosts = [member]

    def readdress(self, member: str) -> None:
        self._live()
        self.hosts = [member]

    def observe(self, layout: DatabaseLayout) -> ObservedDatabase:
        return self.content

    def apply(self, change: DatabaseChange, layout: DatabaseLayout) -> None:
        self._live()
        observed, target = self.content, change.target
        if change.action is Action.CREATE_USER:
            assert isinstance(target, DatabaseUser)
            users = {**observed.users, target.name: ObservedUser(target.roles, password_is_current=True)}
            self.content = replace(observed, users=users)
        elif change.action is Action.CREATE_ROLE:
            assert isinstance(target, CustomRole)
            self.content = replace(observed, roles={**observed.roles, target.name: target.privileges})
        else:
            key = (target.collection, target.keys)  # type: ignore[union-attr]
            value = target.expire_after_seconds  # type: ignore[union-attr]
            self.content = replace(observed, indexes={**observed.indexes, key: value})

    def _live(self) -> None:
        if not self.lives:
            raise Killed
        self.lives -= 1


def settle(server: Server, member: str = "127.0.0.1:1") -> SettleMongodb:
    return SettleMongodb(server, member, LAYOUT)


@pytest.mark.parametrize("lives", range(STEPS))
def test_a_run_killed_after_any_change_is_finished_by_the_next(lives: int) -> None:
    server = Server(lives=lives)
    whole = settle(Server()).predict()
    with pytest.raises(Killed):
        settle(server).run(within=1)
    server.lives = 1000
    assert settle(server).predict() == whole[lives:]
    assert settle(server).run(within=1) == whole[lives:]
    assert settle(server).run(within=1) == ()


def test_a_virgin_host_is_predicted_in_full() -> None:
    changes = settle(Server(listening=False)).predict()
    assert len(changes) == STEPS
    assert changes[0] == "initiate replica set with 127.0.0.1:1"


def test_a_stopped_server_with_data_is_taken_as_settled() -> None:
    assert settle(Server(listening=False, data=True)).predict() == ()


def test_a_lone_member_follows_its_port_and_a_larger_set_is_left_alone() -> None:
    lone = Server()
    settle(lone).run(within=1)
    assert settle(lone, "127.0.0.1:2").predict() == ("move member 127.0.0.1:1 to 127.0.0.1:2",)
    assert settle(lone, "127.0.0.1:2").run(within=1) == ("move member 127.0.0.1:1 to 127.0.0.1:2",)
    assert lone.hosts == ["127.0.0.1:2"]
    lone.hosts = ["db1.example:27017", "db2.example:27017"]
    assert settle(lone, "127.0.0.1:2").run(within=1) == ()
    assert lone.hosts == ["db1.example:27017", "db2.example:27017"]


def test_a_server_that_does_not_listen_is_an_error() -> None:
    with pytest.raises(ToolkitError, match="does not listen"):
        settle(Server(listening=False)).run(within=1)
