"""Make a stack root ready for services: lock, folders, secrets, environment file, identity."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from day23.domain.errors import LockedError


class StackLock(Protocol):
    """Keeps two playbooks from working on one stack root."""

    def look(self, purpose: str) -> None:
        """Raise `LockedError` when another playbook holds the lock; take nothing."""
        ...

    def hold(self, purpose: str) -> None:
        """Take the lock until the calling playbook ends, or raise `LockedError`."""
        ...


class PreparationStep(Protocol):
    """One thing that a stack root needs."""

    def pending(self) -> Sequence[str]:
        """Return what `apply` would change, one phrase each; empty when nothing.

        Raises:
            ToolkitError: The step can never succeed as things are.
        """
        ...

    def apply(self) -> Sequence[str]:
        """Make the changes and return them; safe to repeat after being killed anywhere."""
        ...


@dataclass(frozen=True, slots=True)
class Preparation:
    """What the caller wants and already knows.

    Attributes:
        lock_purpose: What the playbook will be doing while it holds the lock; None takes none.
        trace_id: 32 hex digits of the run; None makes new ones.
        run_id: Name of the run; None makes one from the clock.
    """

    lock_purpose: str | None = None
    trace_id: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the stack root came to.

    Attributes:
        changes: What was changed, or in check mode would be.
    """

    trace_id: str
    run_id: str
    changes: tuple[str, ...]


class PrepareStack:
    """Checks and applies the steps in order.

    Args:
        folders: The step that makes the folders, which the lock needs too.
        lock: The stack lock.
        steps: What else a stack root needs; each may rely on those before it.
        begin_events: Empties the file of progress events; once per run.
    """

    def __init__(
        self,
        folders: PreparationStep,
        lock: StackLock,
        steps: Sequence[PreparationStep],
        begin_events: Callable[[], None],
    ) -> None:
        self._folders = folders
        self._lock = lock
        self._steps = steps
        self._begin_events = begin_events

    def predict(self, preparation: Preparation) -> Prepared:
        """Return what `run` would change; writes nothing."""
        if preparation.lock_purpose:
            self._lock.look(preparation.lock_purpose)
        return _prepared(preparation, self._pending())

    def run(self, preparation: Preparation) -> Prepared:
        """Prepare the stack root.

        Raises:
            LockedError: Another playbook is at work.
            ToolkitError: A step cannot succeed; nothing was changed.
        """
        self._pending()
        changes = [*self._folders.apply()]
        if preparation.lock_purpose:
            self._lock.hold(preparation.lock_purpose)
        changes += [change for step in self._steps for change in step.apply()]
        if preparation.run_id is None and self._is_alone(preparation):
            self._begin_events()
        return _prepared(preparation, changes)

    def _is_alone(self, preparation: Preparation) -> bool:
        """Whether no other playbook's events are still being read."""
        try:
            self._lock.look(preparation.lock_purpose or "begin a run")
        except LockedError:
            return False
        return True

    def _pending(self) -> list[str]:
        return [change for step in (self._folders, *self._steps) for change in step.pending()]


def _prepared(preparation: Preparation, changes: Sequence[str]) -> Prepared:
    now = datetime.now(UTC)
    return Prepared(
        trace_id=preparation.trace_id or secrets.token_hex(16),
        run_id=preparation.run_id or f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        changes=tuple(changes),
    )
