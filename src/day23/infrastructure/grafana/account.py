"""Grafana's administrator over Grafana's HTTP API, and the passwords on disk."""

import base64
import json
import time
from http.client import HTTPConnection, HTTPException

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.files import write_atomically
from day23.infrastructure.secret_store import SecretStore

_WANTED, _TAKEN = "grafana_password", "grafana_password_taken"
_USER = "admin"
_ANSWER_SECONDS = 10.0
_POLL_SECONDS = 0.1
_OWN_ACCOUNT, _OWN_PASSWORD = "/api/user", "/api/user/password"
_REFUSALS = frozenset({401, 403})


class AdministratorAccount:
    """Implements `GrafanaAccount` with `GET /api/user` and `PUT /api/user/password`.

    Args:
        endpoint: `host:port` of Grafana.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def is_listening(self) -> bool:
        """Tell whether Grafana answers now."""
        try:
            return self._ask("GET", "/api/health") == 200
        except (OSError, HTTPException):
            return False

    def wait_until_listening(self, within: float) -> None:
        """Raise `ToolkitError` unless Grafana answers within `within` seconds."""
        deadline = time.monotonic() + within
        while not self.is_listening():
            if time.monotonic() >= deadline:
                raise ToolkitError(
                    f"Grafana does not answer after {within:g} s",
                    where=self._endpoint,
                    next_step="invoke day23.logs grafana",
                )
            time.sleep(_POLL_SECONDS)

    def accepts(self, password: str) -> bool:
        """Tell whether the administrator may log in with `password`.

        Raises:
            ToolkitError: Grafana says neither yes nor no.
        """
        status = self._told("GET", _OWN_ACCOUNT, password)
        if status not in _REFUSALS | {200}:
            raise self._error(f"Grafana answers {status} to a login")
        return status == 200

    def change(self, old: str, new: str) -> None:
        """Give the administrator another password.

        Raises:
            ToolkitError: Grafana refuses it.
        """
        body = {"oldPassword": old, "newPassword": new, "confirmNew": new}
        status = self._told("PUT", _OWN_PASSWORD, old, body)
        if status != 200:
            raise self._error(f"Grafana answers {status} to the new password")

    def _told(self, method: str, path: str, password: str, body: dict[str, str] | None = None) -> int:
        try:
            return self._ask(method, path, password, body)
        except (OSError, HTTPException) as error:
            raise self._error(f"Grafana does not answer: {error}") from None

    def _ask(self, method: str, path: str, password: str = "", body: dict[str, str] | None = None) -> int:
        connection = HTTPConnection(self._endpoint, timeout=_ANSWER_SECONDS)
        headers = {"Content-Type": "application/json"}
        if password:
            credentials = base64.b64encode(f"{_USER}:{password}".encode()).decode()
            headers["Authorization"] = f"Basic {credentials}"
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def _error(self, what: str) -> ToolkitError:
        return ToolkitError(what, where=self._endpoint, next_step="invoke day23.logs grafana")


class PasswordFiles:
    """Implements `PasswordMemory` with two secret files."""

    def __init__(self, paths: StackPaths) -> None:
        self._store = SecretStore(paths)
        self._taken = paths.secret(_TAKEN)

    def wanted(self) -> str:
        """Return the password of the secret."""
        return self._store.read(_WANTED)

    def taken(self) -> str | None:
        """Return the password that Grafana took last; None before the first time."""
        return self._store.read(_TAKEN) if self._taken.exists() else None

    def remember(self, password: str) -> None:
        """Remember the password that Grafana took."""
        write_atomically(self._taken, password, 0o600)
