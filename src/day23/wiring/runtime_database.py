"""MongoDB for a long-running program: the address from its command line, the password from a file."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient

from day23.application.observe_dataset import Gauges, ObserveDataset
from day23.domain.errors import ToolkitError
from day23.infrastructure.mongo.client import connect
from day23.infrastructure.mongo.dataset_figures import MongoDatasetFigures
from day23.settings import Settings
from day23.wiring.connections import stack_mongodb_url

PATIENCE_MS = 2000


def read_secret(path: Path) -> str:
    """Return the content of a secret file.

    Raises:
        ToolkitError: It cannot be read or is empty.
    """
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ToolkitError(f"the secret cannot be read: {error.strerror}", where=str(path)) from None
    if not value:
        raise ToolkitError(
            "the secret is empty", where=str(path), next_step="delete it and run make day-23-up"
        )
    return value


def runtime_client(settings: Settings, address: str, user: str, secret: Path) -> MongoClient[dict[str, Any]]:
    """Return a client of the stack's MongoDB; `MONGODB_URL` wins where it is set."""
    url = settings.mongodb_url or stack_mongodb_url(address, user, read_secret(secret), settings.db_name)
    return connect(url, tz_aware=True, serverSelectionTimeoutMS=PATIENCE_MS, appname=f"day23-{user}")


def dataset_observer(
    settings: Settings, client: MongoClient[dict[str, Any]], gauges: Gauges
) -> ObserveDataset:
    """Return the use case that turns what is stored into gauges."""
    return ObserveDataset(MongoDatasetFigures(client, settings.db_name), gauges)
