"""Which days a seed covers."""

from datetime import UTC, datetime

from day23.domain.errors import UsageError
from day23.domain.window import Window

AUTO = "auto"
NOW = "now"


def seed_window(until: str | None, days: int, *, newest_post: datetime | None, now: datetime) -> Window:
    """Return the `days` whole UTC days up to and including that of `until`.

    Args:
        until: `auto` (the last post; now without posts), a date, an ISO moment (UTC unless it says
            otherwise), or `now`, which None and an empty text mean, too.
        days: At least 1.
        newest_post: Time of the last post of the source, if there is a source with posts.
        now: The present, tz-aware.

    Raises:
        UsageError: The text is none of these, or there are too few or too many days.
    """
    if not 1 <= days <= 3660:
        raise UsageError(f"{days} days is no window", where="days", next_step="use 1 to 3660")
    try:
        return Window.ending_with(_moment(until or NOW, newest_post, now), days)
    except OverflowError:
        raise UsageError(f"until is {until!r:.40}, which is beyond the calendar") from None


def _moment(until: str, newest_post: datetime | None, now: datetime) -> datetime:
    if until == NOW:
        return now
    if until == AUTO:
        return newest_post or now
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        raise UsageError(
            f"until is {until!r:.40}, which is no date", next_step="use YYYY-MM-DD, auto or now"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
