"""A server that answers every chat completion at once: what is measured against it is the client.

Started as a process of its own (`python -m day23.infrastructure.llm.loopback_stub`); prints its port, and
ends when its standard input does.
"""

import asyncio
import sys
from typing import cast

import uvloop

_CHUNK = b'data: {"id":"stub","object":"chat.completion.chunk","created":0,"model":"stub","choices":'
_EVENTS = (
    _CHUNK
    + b'[{"index":0,"delta":{"content":"'
    + "Коротко. ".encode() * 40
    + b'"}}]}\n\n'
    + _CHUNK
    + b'[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}\n\ndata: [DONE]\n\n'
)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    + f"Content-Length: {len(_EVENTS)}\r\n\r\n".encode()
    + _EVENTS
)
_LENGTH = b"content-length: "


class StubConnection(asyncio.Protocol):
    """Answers each complete request of one connection."""

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        self._received += data
        while (end := self._end_of_request()) is not None:
            self._received = self._received[end:]
            if self._transport:
                self._transport.write(ANSWER)

    def _end_of_request(self) -> int | None:
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return None
        _, _, rest = self._received[:head].lower().partition(_LENGTH)
        end = head + 4 + int(rest.partition(b"\r\n")[0] or 0)
        return end if len(self._received) >= end else None


async def serve() -> None:
    """Serve on a free port until standard input is closed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(StubConnection, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    uvloop.run(serve())
