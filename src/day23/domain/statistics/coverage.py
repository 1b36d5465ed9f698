"""How often the intervals really hold the truth: simulated on skewed latencies."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from day23.domain.side_by_side import CONFIDENCE as IN_TURNS
from day23.domain.statistics.bootstrap import bootstrap_mean
from day23.domain.statistics.comparison import FEWEST_RUNS, Change, compare_latencies, noise_floor
from day23.domain.statistics.interval import Interval
from day23.domain.statistics.percentile_interval import percentile_interval, smallest_sample
from day23.domain.statistics.share_interval import share_interval
from day23.domain.statistics.student_t import mean_interval

REQUIRED = 0.94
"""Least share of simulations in which an interval must hold the truth to be shown."""

LOG_DEVIATION = 0.4
NORMAL_QUANTILES = {50.0: 0.0, 90.0: 1.2815515655, 95.0: 1.6448536270, 99.0: 2.3263478740}
SCORE_DEVIATION = 0.1
RUN_DEVIATION = 0.02


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of simulations in which the interval of `figure` over `values` held the truth."""

    figure: str
    values: int
    held: float
    trials: int


def simulate(trials: int, seed: int = 23) -> Iterator[Coverage]:
    """Yield the coverage of every interval that the toolkit shows, at its smallest and a usual sample.

    Args:
        trials: Simulations per figure; 4000 tell 94 % from 95 % apart.
    """
    random = np.random.default_rng(seed)
    yield from _percentiles(random, trials)
    for values in (10, 150):
        held = _held(random, trials, values, 0.9, _scores, mean_interval)
        yield Coverage("mean of scores", values, held, trials)
    held = _held(random, min(trials, 1000), 400, 0.9, _scores, bootstrap_mean)
    yield Coverage("mean of scores, bootstrap", 400, held, min(trials, 1000))
    for values in (10, 150):
        held = _held(random, trials, values, 0.0, _log_ratios, mean_interval)
        yield Coverage("log ratio of paired latencies", values, held, trials)
    yield from _shares(random, trials)
    told_apart = equal_runs_told_apart(min(trials, 1000), seed)
    yield Coverage("equal runs, not told apart", 150, 1 - told_apart, min(trials, 1000))
    for values in (10, 150):
        held = _held(random, trials, values, 0.0, _log_ratios, partial(mean_interval, confidence=IN_TURNS))
        yield Coverage("equal servers in turns, not told apart", values, held, trials)


def _percentiles(random: Any, trials: int) -> Iterator[Coverage]:
    for percent, normal in NORMAL_QUANTILES.items():
        truth = math.exp(LOG_DEVIATION * normal)
        interval = partial(percentile_interval, percent=percent)
        for values in (smallest_sample(percent), 2 * smallest_sample(percent) + 6):
            held = _held(random, trials, values, truth, _latencies, interval)
            yield Coverage(f"p{percent:g} of latencies", values, held, trials)


def _shares(random: Any, trials: int) -> Iterator[Coverage]:
    for draw, truth, figure in ((_successes, 0.9, "share of summaries"), (_leans, 0.65, "order bias")):
        for values in (10, 150):
            held = _held(random, trials, values, truth, draw, _share_of)
            yield Coverage(figure, values, held, trials)


def equal_runs_told_apart(trials: int, seed: int, *, change: float = 0.0, samples: int = 150) -> float:
    """Return the share of comparisons that call a run worse which is slower by `change`.

    Three equal runs set the noise floor. Runs differ by `RUN_DEVIATION` as a whole, as on a machine that is
    now more and now less busy, and their samples by `SCORE_DEVIATION` on top.
    """
    random = np.random.default_rng(seed)
    worse = 0
    for _ in range(trials):
        logs = [_run(random, samples) for _ in range(FEWEST_RUNS)]
        floor = noise_floor([sum(run) / samples for run in logs])
        baseline = [math.exp(value) for value in logs[0]]
        current = [(1 + change) * math.exp(value) for value in _run(random, samples)]
        found = compare_latencies(baseline, current, None if floor is None else math.expm1(floor))
        worse += found.verdict is not Change.CANNOT_TELL
    return worse / trials


def _run(random: Any, samples: int) -> list[float]:
    drawn: list[float] = random.normal(random.normal(0, RUN_DEVIATION), SCORE_DEVIATION, samples).tolist()
    return drawn


def _held(
    random: Any,
    trials: int,
    values: int,
    truth: float,
    draw: Callable[[Any, int], list[float]],
    interval: Callable[[list[float]], Interval],
) -> float:
    return sum(interval(draw(random, values)).holds(truth) for _ in range(trials)) / trials


def _latencies(random: Any, values: int) -> list[float]:
    drawn: list[float] = random.lognormal(0.0, LOG_DEVIATION, values).tolist()
    return drawn


def _scores(random: Any, values: int) -> list[float]:
    drawn: list[float] = random.normal(0.9, SCORE_DEVIATION, values).tolist()
    return drawn


def _log_ratios(random: Any, values: int) -> list[float]:
    drawn: list[float] = random.laplace(0.0, SCORE_DEVIATION, values).tolist()
    return drawn


def _successes(random: Any, values: int) -> list[float]:
    drawn: list[float] = random.choice([1.0, 0.0], values, p=[0.9, 0.1]).tolist()
    return drawn


def _leans(random: Any, values: int) -> list[float]:
    """Return shares of votes for what stands first, of a judge whom the order moves now and then."""
    drawn: list[float] = random.choice([1.0, 0.5, 0.0], values, p=[0.4, 0.5, 0.1]).tolist()
    return drawn


def _share_of(values: list[float]) -> Interval:
    return share_interval(sum(values), len(values))
