"""What a chat endpoint may answer: a completion, an error object, or something else altogether."""

from dataclasses import dataclass
from typing import Any

import orjson

from day23.domain.chat_error import REFUSALS, ChatError, ChatErrorKind
from day23.infrastructure.llm.api_key import AskedServer

SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion as received.

    Attributes:
        first_content_at: `time.perf_counter` at the first content; None when not streamed.
        last_content_at: The same at the last content.
    """

    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    first_content_at: float | None = None
    last_content_at: float | None = None


def parse_completion(server: AskedServer, body: bytes) -> Completion:
    """Read the body of a plain answer with status 200.

    Raises:
        ChatError: Kind `not_a_completion`, `error_body` or `empty`.
    """
    document = parse_object(server, body)
    text = content_of(document, "message")
    if text is None:
        raise not_a_completion(server, body)
    return finished(server, text, document)


def finished(
    server: AskedServer,
    text: str,
    last: dict[str, Any],
    first_content_at: float | None = None,
    last_content_at: float | None = None,
) -> Completion:
    """Return the completion whose usage and model stand in `last`, the body or the closing chunk.

    Raises:
        ChatError: Kind `empty`: the model answered nothing.
    """
    if not text.strip():
        raise ChatError("the answer is empty", kind=ChatErrorKind.EMPTY, where=server.url, status=200)
    usage = last.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    return Completion(
        text=text,
        model=str(last.get("model") or ""),
        prompt_tokens=_count(counts.get("prompt_tokens")),
        completion_tokens=_count(counts.get("completion_tokens")),
        first_content_at=first_content_at,
        last_content_at=last_content_at,
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def parse_object(server: AskedServer, body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body or chunk.

    Raises:
        ChatError: Kind `not_a_completion`, or `error_body` for an object that reports an error.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise not_a_completion(server, body) from None
    if not isinstance(document, dict):
        raise not_a_completion(server, body)
    if document.get("error"):
        what = f"the LLM API answered with an error: {_message(server, document)}"
        raise ChatError(what, kind=ChatErrorKind.ERROR_BODY, where=server.url, status=200)
    return document


def content_of(document: dict[str, Any], part: str) -> str | None:
    """Return the text of the first choice's `message` or `delta`; None when there is no such thing."""
    try:
        content = document["choices"][0][part].get("content")
    except (KeyError, IndexError, TypeError, AttributeError):
        return None
    return content if isinstance(content, str) else ""


def not_a_completion(server: AskedServer, body: bytes) -> ChatError:
    """Return the error for an answer that is no completion, with its beginning."""
    # The key is hidden before anything is cut off, for half of it would not be found.
    start = " ".join(server.key.hide(body.decode("utf-8", "replace"))[:SHOWN_CHARACTERS].split())
    kind = "HTML" if start[:1] == "<" else "something else"
    return ChatError(
        f"the answer is {kind}, not a chat completion: {start[:80]!r}",
        kind=ChatErrorKind.NOT_A_COMPLETION,
        where=server.url,
        next_step="check that LLM_URL is an OpenAI-compatible endpoint",
        status=200,
    )


def status_error(server: AskedServer, status: int, body: str) -> ChatError:
    """Return the error for a status other than 200, with the server's own message."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = {}
    told = _message(server, document) if isinstance(document, dict) else ""
    return ChatError(
        f"the LLM API answered {status}" + (f": {told}" if told else ""),
        kind=ChatErrorKind.HTTP_STATUS,
        where=server.url,
        next_step=server.key.next_step if status in REFUSALS else "",
        status=status,
    )


def _message(server: AskedServer, document: dict[str, Any]) -> str:
    error = document.get("error")
    message = error.get("message") if isinstance(error, dict) else error
    return server.key.hide(str(message or ""))[:SHOWN_CHARACTERS]
