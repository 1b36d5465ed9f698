"""What is done to the stack between the record and the verdict."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from day23.domain.errors import UsageError

KINDS_FOR_PEOPLE = "stack, service:<name>, kill, kill:<name>, engine, reload_bad_config, host"

_TYPED = re.compile(r"(?P<kind>[a-z_]+)(?::(?P<service>[a-z][a-z0-9_]{1,30}))?")


class DisruptionKind(StrEnum):
    """Ways in which a stack goes down."""

    STACK = "stack"
    SERVICE = "service"
    KILL = "kill"
    ENGINE = "engine"
    RELOAD_BAD_CONFIG = "reload_bad_config"
    HOST = "host"


_NEEDS_SERVICE = frozenset({DisruptionKind.SERVICE})
_MAY_NAME_SERVICE = _NEEDS_SERVICE | {DisruptionKind.KILL}


@dataclass(frozen=True, slots=True)
class Disruption:
    """One kind of disruption and, where it hits one service, which.

    Example:
        >>> str(Disruption.parse("service:loki"))
        'service:loki'
    """

    kind: DisruptionKind
    service: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.service}" if self.service else str(self.kind)

    @classmethod
    def parse(cls, typed: str) -> "Disruption":
        """Return what a person typed.

        Raises:
            UsageError: There is no such kind, or its service is missing or superfluous.
        """
        found = _TYPED.fullmatch(typed)
        if found is None or found["kind"] not in set(DisruptionKind):
            raise _unknown(typed)
        kind, service = DisruptionKind(found["kind"]), found["service"] or ""
        if (kind in _NEEDS_SERVICE and not service) or (service and kind not in _MAY_NAME_SERVICE):
            raise _unknown(typed)
        return cls(kind, service)

    @property
    def restarts_something(self) -> bool:
        """Whether processes end; a refused reload leaves them alone."""
        return self.kind is not DisruptionKind.RELOAD_BAD_CONFIG

    @property
    def is_graceful(self) -> bool:
        """Whether services are asked to end, rather than ended."""
        return self.kind is not DisruptionKind.KILL

    @property
    def needs_up(self) -> bool:
        """Whether somebody has to type `up` afterwards."""
        return not self.service and self.restarts_something

    def hits(self, services: Iterable[str]) -> tuple[str, ...]:
        """Return those of the recorded services that it must restart, by name.

        Raises:
            UsageError: It names a service that the stack does not run.
        """
        known = sorted(services)
        if self.service and self.service not in known:
            raise UsageError(
                f"the stack runs no service {self.service!r}",
                where=f"disruption {self}",
                next_step=f"choose from {', '.join(known)}",
            )
        if not self.restarts_something:
            return ()
        return (self.service,) if self.service else tuple(known)


def _unknown(typed: str) -> UsageError:
    return UsageError(
        f"there is no disruption {typed!r:.60}",
        where="disruption",
        next_step=f"use one of {KINDS_FOR_PEOPLE}",
    )
