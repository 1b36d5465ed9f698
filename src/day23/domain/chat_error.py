"""What can go wrong with a chat completion, by kind: runs count them and never score them."""

from enum import StrEnum

from day23.domain.errors import ToolkitError

REFUSALS = (401, 403)
"""HTTP statuses that mean the caller, not the request."""


class ChatErrorKind(StrEnum):
    """The kinds of failure that a run tells apart."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    HTTP_STATUS = "http_status"
    NOT_A_COMPLETION = "not_a_completion"
    STREAM_CUT = "stream_cut"
    ERROR_BODY = "error_body"
    EMPTY = "empty"
    WORKER_LOST = "worker_lost"


class ChatError(ToolkitError):
    """A request to the LLM API that brought no completion.

    Args:
        what: The failure in one sentence, without the prompt.
        kind: What failed.
        where: The endpoint.
        next_step: What helps.
        status: The HTTP status, when there was an answer.
        attempts: How many requests were sent before giving up.
    """

    def __init__(
        self,
        what: str,
        *,
        kind: ChatErrorKind,
        where: str = "",
        next_step: str = "",
        status: int | None = None,
        attempts: int = 1,
    ) -> None:
        self.kind = kind
        self.status = status
        self.attempts = attempts
        super().__init__(what, where=where, next_step=next_step)

    @property
    def label(self) -> str:
        """The kind as runs count it; an HTTP status is told apart: `http_503`."""
        status = self.kind is ChatErrorKind.HTTP_STATUS and self.status
        return f"http_{self.status}" if status else self.kind.value

    @property
    def refuses_caller(self) -> bool:
        """Whether no request of ours will be answered: the key is missing or wrong."""
        return self.kind is ChatErrorKind.HTTP_STATUS and self.status in REFUSALS

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed a moment later: no connection, 429, 5xx."""
        if self.kind is ChatErrorKind.HTTP_STATUS:
            return self.status == 429 or (self.status or 0) >= 500
        return self.kind is ChatErrorKind.UNREACHABLE
