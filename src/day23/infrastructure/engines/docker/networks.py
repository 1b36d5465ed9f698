"""The network that services on a bridge share with other programs of the host."""

from typing import Any

from day23.infrastructure.engines.docker.sdk import is_missing

_OF_DOCKER = frozenset({"host", "none"})


def ensure_network(client: Any, name: str) -> None:
    """Make the network unless it exists; it stays when the stack goes, for others may be on it."""
    from docker.errors import APIError

    if name in _OF_DOCKER:
        return
    try:
        client.inspect_network(name)
    except APIError as error:
        if not is_missing(error):
            raise
        client.create_network(name, driver="bridge", check_duplicate=True)
