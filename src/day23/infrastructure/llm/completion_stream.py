"""Reads a streamed completion: server-sent events, the time of the first content, the proper end."""

import time
from typing import Any

import aiohttp

from day23.domain.chat_error import ChatError, ChatErrorKind
from day23.infrastructure.llm.api_key import AskedServer
from day23.infrastructure.llm.completion_body import (
    Completion,
    content_of,
    finished,
    not_a_completion,
    parse_object,
)

_DATA = b"data:"
_DONE = b"[DONE]"


class CompletionStream:
    """Collects the chunks of one streamed completion.

    Args:
        server: Whose stream it is, for messages.
    """

    def __init__(self, server: AskedServer) -> None:
        self._server = server
        self._parts: list[str] = []
        self._first_content_at: float | None = None
        self._last_content_at: float | None = None
        self._closing: dict[str, Any] = {}
        self._ended = False

    async def read(self, response: aiohttp.ClientResponse) -> Completion:
        """Read until `data: [DONE]`.

        Raises:
            ChatError: Kind `stream_cut` when the stream ends before, `not_a_completion` when it is no
                event stream, `error_body` when a chunk reports an error, `empty` without content.
        """
        if response.content_type != "text/event-stream":
            body = await response.read()
            parse_object(self._server, body)
            raise not_a_completion(self._server, body)
        begun = b""
        async for received in response.content.iter_any():
            *lines, begun = (begun + received).split(b"\n")
            for line in lines:
                self._take(line.strip())
                if self._ended:
                    return self._finished()
        what = "the stream ended before its end mark"
        raise ChatError(what, kind=ChatErrorKind.STREAM_CUT, where=self._server.url)

    def _finished(self) -> Completion:
        text = "".join(self._parts)
        return finished(self._server, text, self._closing, self._first_content_at, self._last_content_at)

    def _take(self, line: bytes) -> None:
        if not line.startswith(_DATA):
            return
        data = line[len(_DATA) :].strip()
        if data == _DONE:
            self._ended = True
        else:
            self._take_chunk(parse_object(self._server, data))

    def _take_chunk(self, chunk: dict[str, Any]) -> None:
        content = content_of(chunk, "delta")
        if content:
            self._last_content_at = time.perf_counter()
            self._first_content_at = self._first_content_at or self._last_content_at
            self._parts.append(content)
        if chunk.get("usage") or not self._closing:
            self._closing = chunk
