"""How fast a seed goes and when it will be done."""

from collections.abc import Callable

_LEAST_SECONDS = 0.5
"""Before this the rate is a guess."""


class Pace:
    """Rate and remaining time of a known amount of work.

    Args:
        total: Documents to make.
        timer: Monotonic seconds.

    Example:
        >>> seconds = iter([0.0, 2.0])
        >>> Pace(30, lambda: next(seconds)).after(10)
        '5.0/s, 4 s left'
    """

    def __init__(self, total: int, timer: Callable[[], float]) -> None:
        self._total = total
        self._timer = timer
        self._started = timer()
        self._made = 0

    def after(self, made: int) -> str:
        """Return rate and remaining time once `made` more are done; empty while it is too early to say."""
        self._made += made
        elapsed = self._timer() - self._started
        if elapsed < _LEAST_SECONDS or not self._made:
            return ""
        rate = self._made / elapsed
        return f"{rate:.1f}/s, {max(self._total - self._made, 0) / rate:.0f} s left"
