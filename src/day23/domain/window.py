"""A half-open window of whole UTC days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from day23.domain.errors import ToolkitError


@dataclass(frozen=True, slots=True)
class Window:
    """The days a dataset covers: `start` included, `end` excluded, both midnights in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        midnight = time(tzinfo=UTC)
        if any(moment.tzinfo is None or moment.timetz() != midnight for moment in (self.start, self.end)):
            raise ToolkitError(
                "a window starts and ends at midnight UTC", where=f"{self.start} .. {self.end}"
            )
        if self.end <= self.start:
            raise ToolkitError("a window ends after it starts", where=f"{self.start} .. {self.end}")

    @classmethod
    def ending_with(cls, until: datetime, days: int) -> "Window":
        """Return the `days` whole UTC days up to and including that of `until` (tz-aware)."""
        last_midnight = datetime.combine(until.astimezone(UTC).date(), time(), UTC)
        end = last_midnight + timedelta(days=1)
        return cls(end - timedelta(days=days), end)

    @property
    def days(self) -> tuple[date, ...]:
        """The dates inside the window, oldest first."""
        return tuple(self._dates())

    def _dates(self) -> Iterator[date]:
        current = self.start
        while current < self.end:
            yield current.date()
            current += timedelta(days=1)

    def contains(self, moment: datetime) -> bool:
        """Tell whether a tz-aware moment lies inside."""
        return self.start <= moment < self.end
