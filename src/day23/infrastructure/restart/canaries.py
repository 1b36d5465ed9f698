"""Receivers of the streams: the collector's log file, Loki, MongoDB."""

import http.client
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo import MongoClient, WriteConcern
from pymongo.errors import BulkWriteError, PyMongoError

from day23.domain.errors import ToolkitError
from day23.domain.restart.watch_plan import CANARY, COLLECTION

_ANSWER_SECONDS = 3.0
_DUPLICATE_KEY = 11000
_SECOND = 1_000_000_000
_DURABLE = WriteConcern(w="majority", j=True)


def canary_line(run_id: str, number: int) -> str:
    """Return one canary line.

    It carries no time that the collector knows, so that a line read twice is stored twice and seen.
    """
    return json.dumps({"level": "info", "event": CANARY, "run": run_id, "sequence": number})


class FileCanary:
    """Appends lines to a log file; the collector's part begins when they are on the disk."""

    def __init__(self, path: Path, run_id: str) -> None:
        self._run_id = run_id
        self._file = path.open("ab", buffering=0)
        path.chmod(0o644)

    def deliver(self, numbers: range) -> bool:
        """Append the lines with these numbers."""
        lines = "".join(f"{canary_line(self._run_id, number)}\n" for number in numbers)
        self._file.write(lines.encode())
        os.fdatasync(self._file.fileno())
        return True


class PushCanary:
    """Pushes lines to Loki; a line sent again has the same time, so that Loki keeps it once.

    Args:
        endpoint: `host:port` of Loki.
        first_moment: Time of line 0, Unix seconds.
        rate: Lines per second: each has the time at which it is due, however late it is sent.
    """

    def __init__(self, endpoint: str, run_id: str, first_moment: float, rate: float) -> None:
        self._endpoint = endpoint
        self._run_id = run_id
        self._first = int(first_moment * _SECOND)
        self._distance = int(_SECOND / rate)

    def deliver(self, numbers: range) -> bool:
        """Push the lines with these numbers."""
        connection = http.client.HTTPConnection(self._endpoint, timeout=_ANSWER_SECONDS)
        try:
            connection.request("POST", "/loki/api/v1/push", self._body(numbers), _JSON)
            return connection.getresponse().status == http.HTTPStatus.NO_CONTENT
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _body(self, numbers: range) -> bytes:
        values = [
            [str(self._first + number * self._distance), canary_line(self._run_id, number)]
            for number in numbers
        ]
        labels = {"service": CANARY, "stream": "push", "level": "info"}
        return json.dumps({"streams": [{"stream": labels, "values": values}]}).encode()


_JSON = {"Content-Type": "application/json"}


class MongoWriter:
    """Inserts documents with `{w: majority, j: true}`; ids are made of the numbers, so that nothing doubles.

    Args:
        connect: Makes a client.
    """

    def __init__(
        self, connect: Callable[[], MongoClient[dict[str, Any]]], database: str, run_id: str
    ) -> None:
        self._collection = connect()[database].get_collection(COLLECTION, write_concern=_DURABLE)
        self._run_id = run_id

    def deliver(self, numbers: range) -> bool:
        """Insert the documents with these numbers; those that an earlier try left are acknowledged, too."""
        documents = [
            {"_id": f"{self._run_id}:{number}", "run": self._run_id, "sequence": number} for number in numbers
        ]
        try:
            self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            details = error.details or {}
            codes = {each["code"] for each in details.get("writeErrors", ())}
            return codes <= {_DUPLICATE_KEY} and not details.get("writeConcernErrors")
        except (PyMongoError, ToolkitError):
            return False
        return True
