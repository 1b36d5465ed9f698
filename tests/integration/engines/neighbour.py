"""Another host of the network: a network namespace that reaches this one over a cable of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCAN = Path(__file__).with_name("port_scan.py")


@dataclass(frozen=True)
class Neighbour:
    """What can be asked from there.

    Attributes:
        address: Of this host, as the neighbour sees it.
    """

    namespace: str
    address: str

    def open_ports(self) -> set[int]:
        """Return every TCP port of this host that accepts connections from the neighbour."""
        scan = [sys.executable, "-I", str(SCAN), self.address]
        asked = ["ip", "netns", "exec", self.namespace, *scan]
        found = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=200)
        return {int(port) for port in found.stdout.split()}


@contextmanager
def neighbour() -> Iterator[Neighbour]:
    """Lay the cable; take it away at the end."""
    pid = os.getpid()
    name, cable = f"d23-{pid}", f"d23{pid % 10**7}"
    block = f"10.{200 + pid % 50}.{pid // 50 % 250}"  # of this process alone
    _ip(f"netns add {name}")
    try:
        _ip(f"link add {cable}a type veth peer name {cable}b netns {name}")
        _ip(f"address add {block}.1/24 dev {cable}a")
        _ip(f"link set {cable}a up")
        _ip(f"-n {name} address add {block}.2/24 dev {cable}b")
        _ip(f"-n {name} link set {cable}b up")
        yield Neighbour(name, f"{block}.1")
    finally:
        _ip(f"netns delete {name}")


def _ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True, capture_output=True)
