"""Asks the Docker daemon over its Unix socket, with nothing but the standard library.

Looking at what runs is what most runs do and all they do: importing the SDK alone takes 110 ms,
a question here takes two.
"""

import errno
import json
import socket
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote, urlencode

from day23.domain.errors import ToolkitError
from day23.settings import Settings

API_VERSION = "1.41"
"""Of Docker 20.10, the oldest that this engine knows."""

Description = dict[str, Any]
"""What the API says of a container or an image."""

_ANSWER_SECONDS = 30.0
_UNIX = "unix://"
_GONE = 404


def daemon_address() -> str:
    """Return where the daemon of this host listens.

    Raises:
        ToolkitError: The environment names a daemon that is not of this host.
    """
    address = Settings().docker_host
    if not address.startswith(_UNIX):
        raise ToolkitError(
            f"DOCKER_HOST is {address!r}: only a daemon of this host can run the stack",
            where="DOCKER_HOST",
            next_step="unset DOCKER_HOST, or name the host in an inventory",
        )
    return address


class DaemonSocket:
    """One connection to the daemon; use it as a context manager.

    Raises:
        ToolkitError: In every question, when the daemon cannot be reached.
    """

    def __init__(self) -> None:
        self._path = daemon_address().removeprefix(_UNIX)
        self._connection = _UnixConnection(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def containers(self, *labels: str) -> list[dict[str, Any]]:
        """Return the daemon's short description of every container with all these labels."""
        filters = json.dumps({"label": list(labels)} if labels else {})
        return list(self._ask(f"containers/json?{urlencode({'all': 1, 'filters': filters})}") or ())

    def container(self, identity: str) -> Description | None:
        """Return the full description of one container; None when there is none."""
        return cast(Description | None, self._ask(f"containers/{quote(identity)}/json"))

    def image(self, reference: str) -> Description | None:
        """Return the description of one image of this host; None when there is none."""
        return cast(Description | None, self._ask(f"images/{quote(reference)}/json"))

    def version(self) -> dict[str, Any]:
        """Return the daemon's version."""
        return self._ask("version", versioned=False) or {}

    def info(self) -> Description:
        """Return what the daemon says of its host."""
        return self._ask("info") or {}

    def _ask(self, question: str, *, versioned: bool = True) -> Any:
        prefix = f"/v{API_VERSION}" if versioned else ""
        try:
            self._connection.request("GET", f"{prefix}/{question}")
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as error:
            raise unreachable(self._path, error) from None
        if answer.status == _GONE:
            return None
        said = json.loads(content)
        if answer.status != 200:
            raise ToolkitError(f"the Docker daemon refuses: {said.get('message')}", where=self._path)
        return said


def unreachable(path: str, error: BaseException) -> ToolkitError:
    """Return what to tell about a daemon that does not answer."""
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        step = "sudo usermod -aG docker $USER, then log in again"
        return ToolkitError("this user may not talk to the Docker daemon", where=path, next_step=step)
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return ToolkitError(
        f"the Docker daemon does not answer: {reason}",
        where=path,
        next_step="sudo systemctl start docker, or set DOCKER_HOST to its socket",
    )


class _UnixConnection(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("docker", timeout=_ANSWER_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_ANSWER_SECONDS)
        self.sock.connect(self._path)
