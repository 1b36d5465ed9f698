"""Talks to one supervisord over its Unix socket."""

import os
import socket
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast
from xmlrpc.client import Fault, ServerProxy, Transport  # our own supervisor answers  # nosec B411

from day23.domain.errors import ToolkitError
from day23.infrastructure.engines.supervisor_config import SOCKET

SHUTDOWN_STATE = 6
BAD_NAME = 10
NOT_RUNNING = 70
"""Fault codes of supervisor's XML-RPC interface (http://supervisord.org/api.html)."""

STOPPED_STATES = frozenset({0, 200, 1000})
"""STOPPED, FATAL and UNKNOWN: nothing of the program runs or will by itself. EXITED is about to."""

_ANSWER_SECONDS = 10.0
_KILLED_SECONDS = 5.0
_POLL_SECONDS = 0.02


class SupervisorGoneError(Exception):
    """Nobody listens on the socket, or not for long: the supervisor is on its way out."""


class SupervisorHangsError(ToolkitError):
    """Somebody listens on the socket but does not answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__("the supervisor does not answer", where=str(folder), next_step="make day-23-down")


class SupervisorClient:
    """One connection; use it as a context manager.

    Args:
        folder: The supervisor's working folder, which holds the socket.

    Raises:
        SupervisorGoneError: Nobody listens, on entering and in every call.
        SupervisorHangsError: It listens but does not answer, in every call.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        try:
            self._descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise SupervisorGoneError from None
        address = f"/proc/self/fd/{self._descriptor}/{SOCKET}"
        self._proxy = ServerProxy("http://supervisor", transport=_UnixTransport(address), allow_none=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._proxy("close")()
        os.close(self._descriptor)

    def call(self, method: str, *arguments: str | int | bool) -> Any:
        """Call `supervisor.<method>` and return its answer; faults come as `xmlrpc.client.Fault`."""
        try:
            return getattr(self._proxy.supervisor, method)(*arguments)
        except TimeoutError:
            raise SupervisorHangsError(self._folder) from None
        except (OSError, HTTPException):
            raise SupervisorGoneError from None
        except Fault as fault:
            if fault.faultCode == SHUTDOWN_STATE:
                raise SupervisorGoneError from None
            raise

    def processes(self) -> dict[str, dict[str, Any]]:
        """Return supervisor's description of every active program, by service."""
        found = cast(list[dict[str, Any]], self.call("getAllProcessInfo"))
        return {str(process["group"]): process for process in found}

    def stop(self, service: str, within: float) -> None:
        """Stop a service if it runs; by force `within` seconds from now.

        Raises:
            ToolkitError: Even force did not end it.
        """
        deadline = time.monotonic() + within
        while (process := self.processes().get(service)) and process["state"] not in STOPPED_STATES:
            name = f"{service}:{process['name']}"
            self._tolerating(NOT_RUNNING, "stopProcess", name, False)
            if time.monotonic() >= deadline:
                self._tolerating(NOT_RUNNING, "signalProcess", name, "KILL")
            if time.monotonic() >= deadline + _KILLED_SECONDS:
                raise ToolkitError(
                    f"{service} does not end, not even when killed", where=f"pid {process['pid']}"
                )
            time.sleep(_POLL_SECONDS)

    def forget(self, service: str) -> None:
        """Make the supervisor forget a stopped service."""
        self._tolerating(BAD_NAME, "removeProcessGroup", service)

    def add(self, service: str) -> str:
        """Make the supervisor read its files again and take the service up; return its process name."""
        self.call("reloadConfig")
        self.call("addProcessGroup", service)
        return f"{service}:{self.processes()[service]['name']}"

    def _tolerating(self, fault_code: int, method: str, *arguments: str | bool) -> None:
        try:
            self.call(method, *arguments)
        except Fault as fault:
            if fault.faultCode != fault_code:
                raise


class _UnixConnection(HTTPConnection):
    def __init__(self, address: str) -> None:
        super().__init__("localhost", timeout=_ANSWER_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_ANSWER_SECONDS)
        self.sock.connect(self._address)


class _UnixTransport(Transport):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def make_connection(self, host: Any) -> HTTPConnection:
        if self._connection and host == self._connection[0] and self._connection[1]:
            return self._connection[1]
        connection = _UnixConnection(self._address)
        self._connection = host, connection
        return connection
