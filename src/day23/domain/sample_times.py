"""The moments of one request, from when it was meant to be sent to its last byte."""

from pydantic import BaseModel, ConfigDict, FiniteFloat


class SampleTimes(BaseModel):
    """Seconds since the first request of the run was meant to be sent.

    Attributes:
        intended: When the schedule wanted the request sent; in a closed loop, when its turn came.
        released: When the client took it up; later than intended when the client lags.
        sent: When the attempt that was answered went out; later than released when it waited for a free
            connection or was repeated.
        first_token: First content of a streamed answer.
        last_token: Last content of a streamed answer.
        finished: Last byte.
        attempts: Requests sent until the answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intended: FiniteFloat
    released: FiniteFloat
    sent: FiniteFloat
    first_token: FiniteFloat | None = None
    last_token: FiniteFloat | None = None
    finished: FiniteFloat
    attempts: int = 1
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def latency(self) -> float:
        """What a user waits: from the intended send time, repeated requests and queues included."""
        return self.finished - self.intended

    @property
    def service(self) -> float:
        """What the server takes for the attempt that was answered."""
        return self.finished - self.sent

    @property
    def lag(self) -> float:
        """How late the client itself was."""
        return self.released - self.intended

    @property
    def queued(self) -> float:
        """How long the request waited in the client, other than for a repetition; 0 when repeated."""
        return self.sent - self.released if self.attempts == 1 else 0.0

    @property
    def first_token_latency(self) -> float | None:
        """From the intended send time to the first content."""
        return None if self.first_token is None else self.first_token - self.intended

    @property
    def inter_token(self) -> float | None:
        """Mean time between tokens after the first, by the server's own count of tokens."""
        if self.first_token is None or self.last_token is None or self.completion_tokens < 2:
            return None
        return (self.last_token - self.first_token) / (self.completion_tokens - 1)

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens of the answer per second of service; None where the server counted none."""
        return self.completion_tokens / self.service if self.completion_tokens and self.service else None
