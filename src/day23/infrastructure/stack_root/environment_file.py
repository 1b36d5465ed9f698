"""`.env.infra` on disk."""

import stat
from collections.abc import Sequence
from pathlib import Path

from day23.domain.environment_file import belongs_to_toolkit, render
from day23.domain.errors import ToolkitError
from day23.domain.stack_environment import StackEnvironment
from day23.infrastructure.files import write_atomically
from day23.infrastructure.secret_store import SecretStore

ENVIRONMENT_SECRETS = ("mongodb_admin", "grafana_password")
"""The secrets that people find in the file."""

_PRIVATE = 0o600


class EnvironmentFile:
    """Keeps the file equal to what the stack's addresses and secrets say; a `PreparationStep`.

    Args:
        path: Where people look for it, normally `<repository>/.env.infra`.
        store: The stack's secrets.
        environment: The stack's addresses.
    """

    def __init__(self, path: Path, store: SecretStore, environment: StackEnvironment) -> None:
        self._path = path
        self._store = store
        self._environment = environment

    def pending(self) -> Sequence[str]:
        """Tell whether the file is to be written.

        Raises:
            ToolkitError: Somebody else's file is there, or a value is unsafe in a shell.
        """
        self._refuse_foreign()
        if self._store.missing(ENVIRONMENT_SECRETS):
            return [self._change()]
        return self._difference(self._content())

    def apply(self) -> Sequence[str]:
        """Write it when it differs."""
        self._refuse_foreign()
        content = self._content()
        difference = self._difference(content)
        if difference:
            write_atomically(self._path, content, _PRIVATE)
        return difference

    def _content(self) -> str:
        return render(self._environment.variables(*map(self._store.read, ENVIRONMENT_SECRETS)))

    def _difference(self, content: str) -> Sequence[str]:
        return [] if self._text() == content and self._is_private() else [self._change()]

    def _change(self) -> str:
        return f"write {self._path}"

    def _is_private(self) -> bool:
        return stat.S_IMODE(self._path.stat().st_mode) == _PRIVATE

    def _text(self) -> str | None:
        return self._path.read_text(encoding="utf-8", errors="replace") if self._path.exists() else None

    def _refuse_foreign(self) -> None:
        text = self._text()
        if text and not belongs_to_toolkit(text):
            raise ToolkitError(
                "the environment file was not written by day23 and would be lost",
                where=str(self._path),
                next_step="move it away, or set stack_env_file to another path",
            )
