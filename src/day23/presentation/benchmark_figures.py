"""Figures of a benchmark run in the form in which people read them."""

from day23.domain.benchmark_result import Distribution
from day23.domain.statistics.interval import Interval

_UNITS = ((1.0, "s"), (1e3, "ms"), (1e6, "µs"))


def shown_interval(interval: Interval | None) -> str:
    """Return both ends, or that there are too few values for them."""
    return f"{interval.low:.3f} .. {interval.high:.3f}" if interval and interval.bounded else "too few"


def shown_seconds(distribution: Distribution) -> str:
    """Return the percentiles with their intervals, and the mean, in seconds, milli- or microseconds."""
    scale, unit = next(one for one in _UNITS if distribution.p95 * one[0] >= 1 or one is _UNITS[-1])

    def shown(value: float, interval: Interval | None) -> str:
        if not interval or not interval.bounded:
            return f"{scale * value:.4g}"
        return f"{scale * value:.4g} [{scale * interval.lowest:.4g} .. {scale * interval.highest:.4g}]"

    figures = [("p50", distribution.p50, distribution.p50_interval)]
    figures += [("p95", distribution.p95, distribution.p95_interval)]
    figures += [("p99", distribution.p99, distribution.p99_interval)] if distribution.p99 else []
    figures += [("mean", distribution.mean, None)]
    return ", ".join(f"{name} {shown(value, interval)} {unit}" for name, value, interval in figures)
