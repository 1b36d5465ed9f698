from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.load_schedule import Load
from day23.domain.run_validity import Calibration, achieved_rate, invalidity
from day23.domain.sample_times import SampleTimes
from day23.domain.statistics.interval import Interval


def calibration(maximum_rate: float) -> Calibration:
    interval = Interval(low=0.0001, high=0.0002, method="order statistics")
    return Calibration(
        overhead_seconds=0.00015,
        overhead_interval=interval,
        maximum_rate=maximum_rate,
        max_concurrency=4,
        requests=300,
    )


def times(count: int, *, lag: float = 0.0, queued: float = 0.0, gap: float = 0.1) -> list[SampleTimes]:
    return [
        SampleTimes(
            intended=gap * number,
            released=gap * number + lag,
            sent=gap * number + lag + queued,
            finished=gap * number + lag + queued + 0.5,
        )
        for number in range(count)
    ]


def test_a_sound_open_loop_is_valid() -> None:
    assert invalidity(Load(rate=10), times(100, lag=0.002), calibration(5000)) == ()


def test_a_late_schedule_makes_an_open_loop_void_and_is_no_matter_in_a_closed_one() -> None:
    late = times(100, lag=0.02)
    assert "the schedule lags" in invalidity(Load(rate=10), late, None)[0]
    assert invalidity(Load(), late, None) == ()


def test_a_server_that_does_not_keep_up_is_told() -> None:
    assert "waited in the client" in invalidity(Load(rate=10), times(100, queued=0.3), None)[0]


def test_more_than_half_of_what_the_client_can_do_is_saturation() -> None:
    assert "saturated" in invalidity(Load(rate=600), times(100), calibration(1000))[0]
    assert invalidity(Load(rate=400), times(100), calibration(1000)) == ()
    assert "saturated" in invalidity(Load(), times(100, gap=0.0001), calibration(300))[0]


def test_latency_counts_from_the_intended_moment_and_service_from_the_sending() -> None:
    one = SampleTimes(
        intended=1, released=1.5, sent=2, first_token=3, last_token=5, finished=6, completion_tokens=5
    )
    assert (one.latency, one.service, one.lag, one.queued) == (5, 4, 0.5, 0.5)
    assert (one.first_token_latency, one.inter_token, one.tokens_per_second) == (2, 0.5, 1.25)


def test_a_pause_before_a_repetition_is_no_queue() -> None:
    one = SampleTimes(intended=0, released=0, sent=2, finished=3, attempts=2)
    assert (one.latency, one.queued) == (3, 0)


def test_the_rate_is_that_of_answers_over_the_whole_run() -> None:
    assert achieved_rate(times(11)) == pytest.approx(11 / 1.5)
    assert achieved_rate(times(1)) is None


@given(st.floats(0.1, 1000), st.integers(0, 2**31), st.sampled_from(["constant", "poisson"]))
def test_a_schedule_is_reproducible_never_runs_back_and_keeps_its_rate(rate, seed, arrival) -> None:
    load = Load(rate=rate, seed=seed, arrival=arrival)
    offsets = list(islice(load.offsets(), 400))
    assert offsets == list(islice(load.offsets(), 400))
    assert offsets == sorted(offsets)
    assert offsets[0] == 0
    assert offsets[-1] * rate == pytest.approx(399, rel=0.4)
