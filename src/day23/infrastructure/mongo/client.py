"""The one way in to the MongoDB driver."""

import atexit
from typing import Any

from pymongo import MongoClient
from pymongo.synchronous import monitor


def connect(url: str, **options: Any) -> MongoClient[dict[str, Any]]:
    """Return a client of the server at `url`; close it after use.

    The driver would wait for its monitor threads when the interpreter ends, which costs every short
    command half a second. They are daemon threads that hold nothing, so the wait is left out.

    Args:
        options: Keyword arguments of `pymongo.MongoClient`.
    """
    atexit.unregister(monitor._shutdown_resources)
    return MongoClient(url, **options)
