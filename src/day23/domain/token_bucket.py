"""A rate limit that lets short bursts through."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class TokenBucket:
    """Allows `per_second` on average and `burst` at once.

    Example:
        >>> bucket = TokenBucket(per_second=1, burst=1)
        >>> bucket.take(now=0.0), bucket.take(now=0.5), bucket.take(now=1.0)
        (True, False, True)
    """

    per_second: float
    burst: int
    _tokens: float = field(init=False)
    _seen: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._tokens = float(self.burst)

    def take(self, now: float) -> bool:
        """Take one token; return whether there was one. `now` is a monotonic time in seconds."""
        since = 0.0 if self._seen is None else max(0.0, now - self._seen)
        self._seen = now
        self._tokens = min(float(self.burst), self._tokens + since * self.per_second)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
