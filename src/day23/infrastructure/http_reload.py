"""Reload requests such as Prometheus' `POST /-/reload`."""

import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from day23.domain.errors import ToolkitError

_ANSWER_SECONDS = 30
_POLL_SECONDS = 0.1
_SHOWN_BYTES = 2000


class PostReloader:
    """Implements `HttpReloader`."""

    def reload(self, url: str, within: float) -> None:
        """POST to `url`, waiting up to `within` seconds for the service to listen.

        Raises:
            ToolkitError: The service refuses, in its own words, or does not listen.
        """
        deadline = time.monotonic() + within
        while True:
            try:
                status, said = _post(url)
            except (OSError, HTTPException) as error:
                if time.monotonic() >= deadline:
                    raise ToolkitError(f"the reload was not answered: {error}", where=url) from None
                time.sleep(_POLL_SECONDS)
                continue
            if status >= 300:
                raise ToolkitError(f"the reload was refused: {said or status}", where=url)
            return


def _post(url: str) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=_ANSWER_SECONDS)
    try:
        connection.request("POST", parts.path)
        response = connection.getresponse()
        return response.status, response.read(_SHOWN_BYTES).decode(errors="replace").strip()
    finally:
        connection.close()
