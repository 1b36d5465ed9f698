"""What the LLM API can be told when it starts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LlmApiOptions:
    """Address, names and limits of one LLM API process.

    Attributes:
        port: 0 takes a free port; the line `listening` on stdout names it.
        model: The name of the model in answers and metrics.
        aliases: Further names that requests may use.
        workers: Threads that summarise, beside the one that serves.
        max_pending: Most completions in work or waiting; more are refused with 503.
    """

    host: str
    port: int
    model: str
    aliases: tuple[str, ...]
    workers: int
    max_pending: int
    max_body_bytes: int
    request_timeout_seconds: float
    stop_within_seconds: float

    def knows(self, name: str) -> bool:
        """Tell whether a request may name its model so."""
        return name == self.model or name in self.aliases
