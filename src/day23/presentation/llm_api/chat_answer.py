"""A completion in the two forms of the OpenAI API: one object, or chunks of a stream."""

import hashlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

END_OF_STREAM = b"data: [DONE]\n\n"

_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What the model answered to one request.

    Attributes:
        cut: Whether the token limit ended the answer early.
        digest: SHA-256 of the request, so that equal requests have equal ids.
    """

    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cut: bool
    digest: str
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def finish_reason(self) -> str:
        """`stop`, or `length` when the limit ended the answer."""
        return "length" if self.cut else "stop"

    @property
    def usage(self) -> dict[str, int]:
        """Token counts by the rule of `domain.token_count`."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        }

    def body(self) -> bytes:
        """Return the `chat.completion` object."""
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": self.text, "refusal": None},
            "logprobs": None,
            "finish_reason": self.finish_reason,
        }
        return orjson.dumps(self._head("chat.completion") | {"choices": [choice], "usage": self.usage})

    def events(self, *, include_usage: bool) -> Iterator[bytes]:
        """Yield the stream: the role, the words line by line, the reason it ended, usage if asked, the end.

        Each item holds the events of one line of the answer, so that a line costs one write.
        """
        yield self._event({"role": "assistant", "content": ""})
        for line in self.text.splitlines(keepends=True):
            yield b"".join(self._event({"content": word}) for word in _WORD.findall(line))
        yield self._event({}, finish_reason=self.finish_reason)
        if include_usage:
            yield _framed(self._head("chat.completion.chunk") | {"choices": [], "usage": self.usage})
        yield END_OF_STREAM

    def _event(self, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _framed(self._head("chat.completion.chunk") | {"choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self.digest[:24]}",
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": self.model,
        }


def request_digest(body: bytes) -> str:
    """Return the SHA-256 of a request body."""
    return hashlib.sha256(body).hexdigest()


def _framed(document: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(document) + b"\n\n"
