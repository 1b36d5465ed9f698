"""How often the intervals really hold the truth: simulated on skewed latencies."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from day23.domain.statistics.bootstrap import bootstrap_mean
from day23.domain.statistics.interval import Interval
from day23.domain.statistics.percentile_interval import percentile_interval, smallest_sample
from day23.domain.statistics.student_t import mean_interval

REQUIRED = 0.94
"""Least share of simulations in which an interval must hold the truth to be shown."""

LOG_DEVIATION = 0.4
NORMAL_QUANTILES = {50.0: 0.0, 90.0: 1.2815515655, 95.0: 1.6448536270, 99.0: 2.3263478740}
SCORE_DEVIATION = 0.1


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
    for percent, normal in NORMAL_QUANTILES.items():
        truth = math.exp(LOG_DEVIATION * normal)
        for values in (smallest_sample(percent), 2 * smallest_sample(percent) + 6):
            held = _held(
                random,
                trials,
                values,
                truth,
                _latencies,
                partial(percentile_interval, percent=percent),
            )
            yield Coverage(f"p{percent:g} of latencies", values, held, trials)
    for values in (10, 150):
        held = _held(random, trials, values, 0.9, _scores, mean_interval)
        yield Coverage("mean of scores", values, held, trials)
    held = _held(random, min(trials, 1000), 400, 0.9, _scores, bootstrap_mean)
    yield Coverage("mean of scores, bootstrap", 400, held, min(trials, 1000))
    for values in (10, 150):
        held = _held(random, trials, values, 0.0, _log_ratios, mean_interval)
        yield Coverage("log ratio of paired latencies", values, held, trials)


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
