"""When a run supports no verdict because the client, not the server, was measured."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, FiniteFloat

from day23.domain.load_schedule import Load
from day23.domain.percentile import nearest_rank
from day23.domain.sample_times import SampleTimes
from day23.domain.statistics.interval import Interval

LARGEST_MEDIAN_LAG_SECONDS = 0.010
"""The rule of kubernetes-sigs/inference-perf: later, and the load was not the one asked for."""

LARGEST_SHARE_OF_MAXIMUM = 0.5
"""Beyond half of what the client reaches against a stub, its own queue shows in the latencies."""

LARGEST_SHARE_QUEUED = 0.02
QUEUED_FROM_SECONDS = 0.010


class Calibration(BaseModel):
    """What the client achieves against a stub on loopback that answers at once.

    Attributes:
        overhead_seconds: Median latency of one request at a time: an upper bound of what the client adds.
        maximum_rate: Requests per second with the run's number of requests in flight.
        requests: How many requests each figure rests on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    overhead_seconds: FiniteFloat
    overhead_interval: Interval
    maximum_rate: FiniteFloat
    max_concurrency: int
    requests: int


def achieved_rate(times: Sequence[SampleTimes]) -> float | None:
    """Return answers per second from the first intended request to the last byte; None for fewer than two."""
    if len(times) < 2:
        return None
    span = max(one.finished for one in times) - min(one.intended for one in times)
    return len(times) / span if span > 0 else None


def invalidity(load: Load, times: Sequence[SampleTimes], calibration: Calibration | None) -> tuple[str, ...]:
    """Return why the measured times are no measurement of the server; empty when they are."""
    if not times:
        return ()
    return (*_schedule(load, times), *_saturation(load, times, calibration))


def _schedule(load: Load, times: Sequence[SampleTimes]) -> Iterator[str]:
    if not load.open_loop:
        return
    lag = nearest_rank([one.lag for one in times], 50)
    if lag > LARGEST_MEDIAN_LAG_SECONDS:
        yield f"the schedule lags: half of the requests were sent {1000 * lag:.1f} ms late or more"
    queued = sum(one.queued > QUEUED_FROM_SECONDS for one in times)
    if queued > LARGEST_SHARE_QUEUED * len(times):
        yield (
            f"{queued} of {len(times)} requests waited in the client, with {load.max_concurrency} in flight: "
            "the server does not keep up with the rate"
        )


def _saturation(load: Load, times: Sequence[SampleTimes], calibration: Calibration | None) -> Iterator[str]:
    rate = load.rate or achieved_rate(times)
    if calibration and rate and rate > LARGEST_SHARE_OF_MAXIMUM * calibration.maximum_rate:
        yield (
            f"the client is saturated: {rate:.0f} requests/s are more than half of the "
            f"{calibration.maximum_rate:.0f} it reaches against a stub"
        )
