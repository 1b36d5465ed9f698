"""Bring a MongoDB to its layout: replica set, roles, users, indexes; safe to interrupt anywhere."""

from collections.abc import Sequence
from typing import Protocol

from day23.domain.database_layout import DatabaseLayout
from day23.domain.database_plan import DatabaseChange, ObservedDatabase, plan


class MongoAdministration(Protocol):
    """One MongoDB server, as its administrator sees it."""

    def is_listening(self) -> bool:
        """Tell whether the server accepts connections now."""
        ...

    def has_data(self) -> bool:
        """Tell whether the server has run before, even if it does not run now."""
        ...

    def wait_until_listening(self, within: float) -> None:
        """Raise `ToolkitError` unless the server accepts connections within `within` seconds."""
        ...

    def wait_until_primary(self, within: float) -> None:
        """Raise `ToolkitError` unless the server takes writes within `within` seconds."""
        ...

    def members(self) -> Sequence[str]:
        """Return `host:port` of the replica set's members; empty before it is initiated."""
        ...

    def initiate(self, member: str) -> None:
        """Make a replica set of one member."""
        ...

    def readdress(self, member: str) -> None:
        """Give the only member of the replica set another `host:port`."""
        ...

    def observe(self, layout: DatabaseLayout) -> ObservedDatabase:
        """Return what the server has of the layout."""
        ...

    def apply(self, change: DatabaseChange, layout: DatabaseLayout) -> None:
        """Make one change."""
        ...


class SettleMongodb:
    """Settles one server.

    Every step looks before it acts and none relies on a step of the same run, so that a run that
    was killed between any two is finished by the next one.

    Args:
        administration: The server.
        member: Its own `host:port`, as clients reach it.
        layout: What it must contain.
    """

    def __init__(self, administration: MongoAdministration, member: str, layout: DatabaseLayout) -> None:
        self._administration = administration
        self._member = member
        self._layout = layout

    def predict(self) -> tuple[str, ...]:
        """Return what `run` would change; a stopped server that has data is taken as settled."""
        if not self._administration.is_listening():
            return () if self._administration.has_data() else self._changes((), ObservedDatabase())
        members = self._administration.members()
        observed = self._administration.observe(self._layout) if members else ObservedDatabase()
        return self._changes(members, observed)

    def run(self, within: float) -> tuple[str, ...]:
        """Settle the server, waiting up to `within` seconds for it to listen and to take writes.

        Returns:
            What was changed, one phrase each.

        Raises:
            ToolkitError: The server does not answer, or accepts none of the stack's credentials.
        """
        self._administration.wait_until_listening(within)
        changes = self._settle_members()
        self._administration.wait_until_primary(within)
        for change in plan(self._layout, self._administration.observe(self._layout)):
            self._administration.apply(change, self._layout)
            changes.append(str(change))
        return tuple(changes)

    def _changes(self, members: Sequence[str], observed: ObservedDatabase) -> tuple[str, ...]:
        return (*self._member_changes(members), *map(str, plan(self._layout, observed)))

    def _settle_members(self) -> list[str]:
        members = self._administration.members()
        changes = self._member_changes(members)
        if not members:
            self._administration.initiate(self._member)
        elif changes:
            self._administration.readdress(self._member)
        return changes

    def _member_changes(self, members: Sequence[str]) -> list[str]:
        """A set with more members was extended by hand, and its addresses are left alone."""
        if not members:
            return [self._initiation()]
        moved = len(members) == 1 and members[0] != self._member
        return [f"move member {members[0]} to {self._member}"] if moved else []

    def _initiation(self) -> str:
        return f"initiate replica set with {self._member}"
