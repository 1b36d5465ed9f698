"""When each service went down and came back, and how long it may take."""

from pydantic import Field

from day23.domain.restart.snapshot import Part

ONE_SERVICE_SECONDS = 10.0
"""Budget of the return of one service."""

ALL_SERVICES_SECONDS = 60.0
"""Budget of the return of all of them."""


class ServiceTimes(Part):
    """Moments of one service, in Unix seconds on the checker's monotonic clock; None where not seen.

    Attributes:
        down: The first look at which it did not answer.
        process_up: The first look at which its new process was there.
        ready: The first answer after the last time without one.
        first_sample: Its first good sample after that.
        first_log: Its first log line after the stop.
    """

    down: float | None = None
    process_up: float | None = None
    ready: float | None = None
    first_sample: float | None = None
    first_log: float | None = None

    @property
    def back_after(self) -> float | None:
        """Seconds from the first look without an answer to ready."""
        return None if self.ready is None or self.down is None else self.ready - self.down


class Timeline(Part):
    """The disruption and every service's part in it.

    Attributes:
        started: When recording began.
        stopped: When the disruption began.
        ready: When the last service was ready again; None when one was not.
        ended: When the verdict was reached.
    """

    started: float
    stopped: float
    ready: float | None
    ended: float
    services: dict[str, ServiceTimes] = Field(default_factory=dict)

    @property
    def recovery_seconds(self) -> float | None:
        """Seconds from the begin of the disruption until everything was ready."""
        return None if self.ready is None else self.ready - self.stopped
