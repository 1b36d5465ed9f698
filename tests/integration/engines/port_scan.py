"""Tries to connect to every TCP port of an address: `python port_scan.py ADDRESS` prints the open ones."""

import asyncio
import socket
import sys

_AT_ONCE = 500
_LAST_PORT = 65535
_ANSWER_SECONDS = 2.0


async def open_ports(address: str) -> list[int]:
    """Return the ports of `address` that accept."""
    ports = iter(range(1, _LAST_PORT + 1))

    async def work() -> list[int]:
        return [port for port in ports if await _accepts(address, port)]

    found = await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
    return sorted(port for ports_of_one in found for port in ports_of_one)


async def _accepts(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setblocking(False)
        connecting = asyncio.get_running_loop().sock_connect(probe, (address, port))
        try:
            await asyncio.wait_for(connecting, _ANSWER_SECONDS)
        except OSError:
            return False
        return True


if __name__ == "__main__":
    print(*asyncio.run(open_ports(sys.argv[1])))
