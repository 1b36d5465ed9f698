"""A raw HTTP server that answers each connection with the next of its scripted faults."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

HANG = b"HANG"
"""Script entry: accept the request and never answer."""

DROP = b"DROP"
"""Script entry: close the connection without a byte."""


def answer(
    body: str | bytes, *, status: str = "200 OK", kind: str = "application/json", missing: int = 0
) -> bytes:
    """Return a whole HTTP answer; `missing` bytes are promised and never sent."""
    data = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data) + missing}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + data


def stream(*events: str) -> bytes:
    """Return an event stream that ends with its connection."""
    lines = "".join(f"data: {event}\n\n" for event in events)
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + lines.encode()


@dataclass
class FaultServer:
    """Serves on a free port; the last script entry repeats."""

    script: Sequence[bytes]
    requests: list[bytes] = field(default_factory=list)
    url: str = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        self.requests.append(await reader.readexactly(length))
        entry = self.script[min(len(self.requests), len(self.script)) - 1]
        if entry == HANG:
            await reader.read()
        elif entry != DROP:
            writer.write(entry)
            await writer.drain()
        writer.close()
