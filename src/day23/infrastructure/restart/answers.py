"""Questions to the stack whose raw answers are kept as evidence."""

import gzip
import http.client
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from day23.domain.errors import ToolkitError
from day23.infrastructure.files import write_atomically
from day23.infrastructure.http_get import get

_ANSWER_SECONDS = 30.0
_TRIES_SECONDS = 5.0
_SHOWN_BYTES = 400


class Answers:
    """Asks over HTTP; every answer is kept as `<folder>/<name>.json.gz` with its question.

    Args:
        folder: Where answers of one moment go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str, base: str, path: str, **query: str) -> Any:
        """Return the JSON answer; a service that is just coming back is asked again for a few seconds.

        Raises:
            ToolkitError: Nobody answers, or not in JSON.
        """
        url = f"{base}{path}" + (f"?{urlencode(query)}" if query else "")
        answer = _patiently(url)
        self.keep(name, answer, url)
        try:
            return orjson.loads(answer)
        except orjson.JSONDecodeError:
            raise ToolkitError("the answer is no JSON", where=url) from None

    def keep(self, name: str, answer: bytes, question: str) -> None:
        """Keep one raw answer."""
        self._folder.mkdir(parents=True, exist_ok=True)
        head = orjson.dumps({"question": question, "asked_at": time.time()})
        packed = gzip.compress(head + b"\n" + answer, 6, mtime=0)
        write_atomically(self._folder / f"{name}.json.gz", packed)


def _patiently(url: str) -> bytes:
    deadline = time.monotonic() + _TRIES_SECONDS
    while True:
        try:
            return get(url, _ANSWER_SECONDS)
        except ToolkitError as error:
            if time.monotonic() >= deadline or error.what.startswith("HTTP 4"):
                raise
        time.sleep(0.2)


def send(method: str, url: str, body: object = None, **headers: str) -> Any:
    """Send JSON and return the JSON answer; None when there is none.

    Raises:
        ToolkitError: The server cannot be reached or refuses; the message is its own.
    """
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    content = None if body is None else orjson.dumps(body)
    connection = http.client.HTTPConnection(parts.netloc, timeout=_ANSWER_SECONDS)
    try:
        connection.request(method, target, content, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        told = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise ToolkitError(f"no answer: {error}", where=url) from None
    finally:
        connection.close()
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        words = " ".join(told[:_SHOWN_BYTES].decode(errors="replace").split())
        raise ToolkitError(f"HTTP {answer.status}: {words}", where=url)
    return orjson.loads(told) if told.startswith((b"{", b"[")) else None
