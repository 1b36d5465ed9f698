"""Wiring of the stack root and its lock."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from day23.application.prepare_stack import PrepareStack
from day23.domain.stack_context import StackContext
from day23.domain.stack_environment import StackEnvironment
from day23.domain.stack_identity import StackIdentity
from day23.domain.stack_paths import StackPaths
from day23.domain.stack_words import StackWords
from day23.infrastructure.playbook_lock import PlaybookLock
from day23.infrastructure.secret_store import SecretStore
from day23.infrastructure.stack_root.environment_file import ENVIRONMENT_SECRETS, EnvironmentFile
from day23.infrastructure.stack_root.folders import StackFolders
from day23.infrastructure.stack_root.identity import IdentityFile
from day23.infrastructure.stack_root.secrets import StackSecrets


def prepare_stack(
    context: StackContext,
    secrets: Sequence[str],
    env_file: Path,
    environment: StackEnvironment,
    words: StackWords | None = None,
) -> PrepareStack:
    """Build the use case that makes a stack root ready.

    Args:
        context: The stack.
        secrets: Names of the secrets to make, besides those that `.env.infra` shows.
        env_file: Where `.env.infra` goes.
        environment: What it says.
        words: How the stack is brought up; None where it is not, and then `env_file` stays as it is.
    """
    store = SecretStore(context.paths)
    identity = stack_identity(context).model_copy(update={"words": words})
    steps = (
        IdentityFile(context.paths, identity),
        StackSecrets(store, [*secrets, *ENVIRONMENT_SECRETS]),
    )
    return PrepareStack(
        StackFolders(context.paths),
        PlaybookLock(context.paths),
        steps if words is None else (*steps, EnvironmentFile(env_file, store, environment)),
        begin_events=lambda: _empty(context.paths.events),
    )


def stack_lock(context: StackContext) -> PlaybookLock:
    """Return the lock that keeps two playbooks from working on one stack root."""
    return PlaybookLock(context.paths)


def refuse_when_busy(paths: StackPaths, purpose: str) -> None:
    """Refuse while a playbook works on this stack root, before another one is even started.

    Raises:
        LockedError: One does; the message says which, why and since when.
    """
    PlaybookLock(paths).look(purpose)


def stack_identity(context: StackContext) -> StackIdentity:
    """Return who would be recorded as the maker of this stack root."""
    return StackIdentity(engine=context.engine, toolkit_version=version("day23"))


def _empty(events: Path) -> None:
    with events.open("w", encoding="utf-8"):
        events.chmod(0o600)
