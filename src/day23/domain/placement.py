"""How the services of one stack are named and find each other."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

DEFAULT_PROJECT = "day23"
"""The project of the stack in a checkout's own `.day23`."""

SHARED_NETWORK = "infra_infra_app-network"
"""The network that other programs of the Operations Guide join to reach the shared stack by name."""

_DEFAULT_ROOT = ".day23"
_NAMES = {"mongodb": "shared-mongo", "prometheus": "shared-prometheus"}
"""Names of the Operations Guide that differ from those of our services."""


class Network(StrEnum):
    """Where services listen: on the host itself, or each at an address of its own."""

    HOST = "host"
    BRIDGE = "bridge"


@dataclass(frozen=True, slots=True)
class Placement:
    """What distinguishes one stack from others on its host, besides its root.

    Attributes:
        network: Where services listen.
        project: Name that prefixes what the engine names; empty lets it follow from the stack root.
    """

    network: Network = Network.HOST
    project: str = ""

    def project_of(self, root: Path) -> str:
        """Return the project's name; another stack root gives another name.

        Example:
            >>> Placement().project_of(Path("/srv/toolkit/.day23"))
            'day23'
        """
        if self.project:
            return self.project
        if root.name == _DEFAULT_ROOT:
            return DEFAULT_PROJECT
        return f"{DEFAULT_PROJECT}-{sha256(str(root).encode()).hexdigest()[:6]}"

    def listen_address(self, bind: str) -> str:
        """Return what a service binds to: its own address on a bridge, where only peers reach it."""
        return "0.0.0.0" if self.network is Network.BRIDGE else bind  # noqa: S104  # inside its own network  # nosec B104

    def peer_host(self, service: str, bind: str) -> str:
        """Return the host at which the other services reach `service`."""
        return peer_name(service) if self.network is Network.BRIDGE else bind


ON_THE_HOST = Placement()
"""The placement of a stack whose services share the host's own addresses."""


def peer_name(service: str) -> str:
    """Return the name of a service on a network.

    Example:
        >>> peer_name("mongodb"), peer_name("llm_api")
        ('shared-mongo', 'llm-api')
    """
    return _NAMES.get(service, service.replace("_", "-"))


def service_of_port(port: str, ports: Collection[str]) -> str:
    """Return the service that a port belongs to: `loki_grpc` is one of `loki` when both have a line.

    Example:
        >>> service_of_port("loki_grpc", ["loki", "loki_grpc"])
        'loki'
    """
    owners = [name for name in ports if port.startswith(f"{name}_")]
    return min(owners, key=len, default=port)
