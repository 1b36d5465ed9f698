"""Port numbers of one stack and the addresses that follow from them."""

from collections.abc import Mapping

from day23.domain.errors import ToolkitError
from day23.domain.placement import Network, Placement, service_of_port

OFFSETS = range(4001)
"""Offsets that keep every default port, shifted, inside the unprivileged range and apart."""


def shifted(default_ports: Mapping[str, int], offset: int | str) -> dict[str, int]:
    """Return every port moved by `offset`, so that several stacks live side by side.

    Raises:
        ToolkitError: The offset is out of range, or two names share a number.

    Example:
        >>> shifted({"loki": 3100}, 1000)
        {'loki': 4100}
    """
    number = int(offset)
    if number not in OFFSETS:
        raise ToolkitError(
            f"stack_port_offset is {number}",
            next_step=f"choose a number from {OFFSETS.start} to {OFFSETS.stop - 1}",
        )
    ports = {str(name): int(port) + number for name, port in default_ports.items()}
    _refuse_shared_numbers(ports)
    return ports


def _refuse_shared_numbers(ports: Mapping[str, int]) -> None:
    owners: dict[int, str] = {}
    for name, port in ports.items():
        if port in owners:
            raise ToolkitError(
                f"port {port} is given to both {owners[port]} and {name}",
                where="stack_default_ports",
                next_step="give one of them another number",
            )
        owners[port] = name


def endpoints(ports: Mapping[str, int], bind: str, network: str = Network.HOST) -> dict[str, str]:
    """Return `host:port` by port name, as the stack's own services reach it.

    Example:
        >>> endpoints({"loki": 3100}, "127.0.0.1")
        {'loki': '127.0.0.1:3100'}
        >>> endpoints({"mongodb": 27017}, "127.0.0.1", "bridge")
        {'mongodb': 'shared-mongo:27017'}
    """
    placement = Placement(Network(network))
    return {
        str(name): f"{placement.peer_host(service_of_port(name, ports), bind)}:{port}"
        for name, port in ports.items()
    }
