"""A raw HTTP model that answers well, except for those requests that are to meet a certain fault."""

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

GOOD_TEXT = "- Рубль укрепился до 104 за доллар. Открыли музей кино. Завтра снег."
_DELTA = f'data: {{"model":"m","choices":[{{"delta":{{"content":"{GOOD_TEXT}"}}}}]}}\n\n'.encode()
_DONE = b"data: [DONE]\n\n"
_SSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def _whole(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


FAULTS = {
    "cut": (_SSE + _DELTA, "stream_cut"),
    "cut_in_a_chunk": (_SSE + _DELTA[:40], "stream_cut"),
    "garbage": (b"\x00\xff\x17 this is not HTTP\r\n\r\n", "not_a_completion"),
    "html": (_whole(b"<html><body>Welcome to nginx", kind="text/html"), "not_a_completion"),
    "error_body": (_whole(b'{"error": {"message": "CUDA out of memory"}}'), "error_body"),
    "error_in_stream": (_SSE + _DELTA + b'data: {"error": "out of memory"}\n\n', "error_body"),
    "nan": (_SSE + b'data: {"choices":[{"delta":{"content":NaN}}]}\n\n' + _DONE, "not_a_completion"),
    "empty": (_SSE + b'data: {"choices":[{"delta":{"content":" "}}]}\n\n' + _DONE, "empty"),
    "overloaded": (_whole(b'{"error": {"message": "queue is full"}}', "503 Service Unavailable"), "http_503"),
    "too_many": (_whole(b"slow down", "429 Too Many Requests"), "http_429"),
    "unknown_model": (_whole(b'{"error": {"message": "no such model"}}', "404 Not Found"), "http_404"),
    "hangs": (b"", "timeout"),
    "slow_tokens": (_SSE + _DELTA, "timeout"),
}
"""What is sent, and the kind that the client must tell."""

_STAYS_OPEN = ("hangs", "slow_tokens")


@dataclass
class FaultyModel:
    """Serves on a free port; each different request meets the fault that its text falls on.

    Attributes:
        one_in: One of so many different requests meets a fault, chosen by hash.
        injected: Kinds that must be told, counted once per different request.
    """

    one_in: int
    injected: Counter[str] = field(default_factory=Counter)
    url: str = ""
    _seen: set[bytes] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        fault = self._fault(body)
        writer.write(FAULTS[fault][0] if fault else _SSE + _DELTA + _DONE)
        try:
            await writer.drain()
            if fault in _STAYS_OPEN:
                await reader.read()
        except ConnectionError:
            pass
        writer.close()

    def _fault(self, body: bytes) -> str | None:
        number = int.from_bytes(hashlib.sha256(body).digest()[:4], "big")
        fault = list(FAULTS)[number // self.one_in % len(FAULTS)] if number % self.one_in == 0 else None
        if fault and body not in self._seen:
            self.injected[FAULTS[fault][1]] += 1
        self._seen.add(body)
        return fault
