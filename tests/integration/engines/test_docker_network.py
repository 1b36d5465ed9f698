"""Who reaches the services of containers, and under which names."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from neighbour import neighbour
from tiny_stack import Stack

from day23.domain.placement import SHARED_NETWORK, Network, Placement
from day23.domain.service_spec import ServiceSpec
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import daemon

Tiny = Callable[..., ServiceSpec]

NAMES = {
    "mongodb": "shared-mongo",
    "prometheus": "shared-prometheus",
    "loki": "loki",
    "grafana": "grafana",
    "llm_api": "llm-api",
}
"""The Operations Guide's name of each service on the shared network."""

EVERYWHERE = ("0.0.0.0", 0)  # noqa: S104  # what a scan must see

ASK = """
import sys, urllib.request
for address in sys.argv[1:]:
    print(address, urllib.request.urlopen(f"http://{address}/", timeout=10).status)
"""


@pytest.fixture
def engine_name() -> str:
    return "docker"


@pytest.fixture
def bridged(stack: Stack) -> Iterator[Stack]:
    """Another stack, of the default project: its network has the Operations Guide's name."""
    paths = replace(stack.paths, root=stack.paths.root.parent / "bridged")
    bridged = Stack(replace(stack.context, paths=paths, placement=Placement(Network.BRIDGE, "day23")))
    yield bridged
    bridged.engine.shutdown()
    daemon().remove_network(SHARED_NETWORK)


def test_other_hosts_reach_no_port_of_either_network(stack: Stack, bridged: Stack, tiny: Tiny) -> None:
    own = {tiny(name).listen["http"] for name in ("one", "other")}
    stack.up(tiny("one"))
    bridged.up(tiny("other"))

    with neighbour() as host, socket.create_server(EVERYWHERE) as control:
        seen = control.getsockname()[1]
        reachable = host.open_ports()

    assert seen in reachable
    assert reachable & own == set()


def test_containers_on_the_shared_network_reach_services_by_the_names_of_the_guide(
    bridged: Stack, tiny: Tiny
) -> None:
    specs = {name: tiny(service) for service, name in NAMES.items()}
    bridged.up(*specs.values())
    addresses = [f"{name}:{spec.listen['http']}" for name, spec in specs.items()]

    said = run_beside(SHARED_NETWORK, ASK, *addresses)

    assert said == "".join(f"{address} 200\n" for address in addresses)


def test_a_bridge_publishes_on_loopback_only(bridged: Stack, tiny: Tiny) -> None:
    bridged.up(tiny("loki"))
    port = tiny("loki").listen["http"]

    with DaemonSocket() as asked:
        [listed] = asked.containers(f"day23.root={bridged.paths.root}")
    assert [(each["IP"], each["PublicPort"]) for each in listed["Ports"]] == [("127.0.0.1", port)]
    assert bridged.ask("loki")["content"] == "hello\n"


def run_beside(network: str, *arguments: str) -> str:
    """Run Python in a container of nobody's stack on a network; return what it printed."""
    client = daemon()
    words = ["/usr/bin/python3", "-c", *arguments]
    where = client.create_host_config(network_mode=network)
    container = client.create_container("tiny:1", entrypoint=words, host_config=where)["Id"]
    try:
        client.start(container)
        client.wait(container, timeout=60)
        return str(client.logs(container).decode())
    finally:
        client.remove_container(container, force=True)
