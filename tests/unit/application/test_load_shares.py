"""A load that is dealt to workers is, in sum, the load of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.application.load_shares import Question, deal, scheduled
from day23.application.ports import ChatRequest
from day23.domain.errors import UsageError
from day23.domain.load_schedule import Load

LOADS = st.builds(
    Load,
    rate=st.none() | st.floats(0.1, 1000),
    arrival=st.sampled_from(["constant", "poisson"]),
    seed=st.integers(0, 99),
    max_concurrency=st.integers(8, 40),
)


def questions(count):
    return [Question(f"s{number}", ChatRequest("", str(number))) for number in range(count)]


@given(LOADS, st.integers(0, 60), st.integers(1, 8))
def test_the_shares_are_together_the_very_load_of_one_worker(load, count, workers):
    whole = scheduled(questions(count), load)
    shares = deal(whole, load.max_concurrency, workers)
    assert shares == deal(whole, load.max_concurrency, workers)
    assert sorted(question.sample_id for share in shares for question in share.questions) == sorted(
        question.sample_id for question in whole
    )
    assert {question for share in shares for question in share.questions} == set(whole)
    assert sum(share.max_concurrency for share in shares) == load.max_concurrency
    for share in shares:
        assert list(share.questions) == [question for question in whole if question in set(share.questions)]


@given(st.integers(1, 200), st.integers(2, 40), st.integers(1, 40))
def test_a_worker_with_more_requests_in_flight_asks_more(count, max_concurrency, workers):
    shares = deal(questions(count), max_concurrency, min(workers, max_concurrency))
    for share in shares:
        fair = count * share.max_concurrency / max_concurrency
        assert abs(len(share.questions) - fair) < share.max_concurrency


def test_an_open_loop_keeps_the_send_times_of_its_seed():
    load = Load(rate=5, arrival="poisson", seed=7, max_concurrency=4)
    shares = deal(scheduled(questions(9), load), 4, 2)
    times = sorted(question.intended for share in shares for question in share.questions)
    assert times == [offset for _, offset in zip(range(9), load.offsets(), strict=False)]


def test_more_workers_than_requests_in_flight_are_a_usage_error():
    with pytest.raises(UsageError, match="5 workers cannot share 4 in flight"):
        deal(questions(9), 4, 5)
