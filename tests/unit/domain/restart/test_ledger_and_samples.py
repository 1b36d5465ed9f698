"""Accounts of ledgers and the arithmetic of holes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.errors import UsageError
from day23.domain.restart.disruption import Disruption
from day23.domain.restart.ledger import load, settle
from day23.domain.restart.samples import longest_run, resumption

NUMBERS = st.sets(st.integers(0, 300), max_size=200)


@given(NUMBERS, NUMBERS)
def test_what_was_acknowledged_is_found_or_missing(sent: set[int], lost: set[int]) -> None:
    found = settle(sent, sent, sent - lost)

    assert found.missing == len(sent & lost)
    assert (found.doubled, found.undecided) == (0, 0)


@given(NUMBERS, st.integers(1, 4))
def test_every_surplus_copy_is_counted(sent: set[int], copies: int) -> None:
    assert settle(sent, sent, list(sent) * copies).doubled == len(sent) * (copies - 1)


def test_an_item_without_an_acknowledgement_may_be_there_or_not() -> None:
    account = settle(range(10), range(8), [*range(9)])

    assert (account.missing, account.undecided) == (0, 1)


def test_load_is_told_for_each_part() -> None:
    moments = [second / 10 for second in range(100)]

    found = load(moments, (0.0, 5.0, 8.0, 10.0))

    assert (found.before, found.during, found.after) == (10.0, 10.0, 10.0)
    assert load(moments, (0.0, 5.0, 5.0, 10.0), has_during=False).during is None


def test_the_hole_is_the_distance_of_two_good_samples() -> None:
    samples = [(0.0, 1.0), (2.0, 1.0), (4.0, 0.0), (21.0, 1.0), (23.0, 1.0), (25.0, 1.0)]

    found = resumption(samples, 2.0, stopped=3.0, ready=20.0)

    assert (found.last_before, found.first_after, found.hole_seconds) == (2.0, 21.0, 19.0)
    assert found.consecutive == 3


def test_the_hole_of_an_earlier_disruption_is_not_this_ones() -> None:
    samples = [(moment, 1.0) for moment in (0.0, 40.0, 42.0, 50.0, 52.0, 54.0, 56.0, 58.0)]

    found = resumption(samples, 2.0, stopped=43.0, ready=44.0)

    assert (found.hole_start, found.hole_seconds) == (42.0, 8.0)


def test_a_missed_scrape_ends_a_run() -> None:
    assert longest_run([0.0, 2.0, 6.0, 8.0, 10.0, 12.0], 2.0) == 4
    assert longest_run([], 2.0) == 0


@pytest.mark.parametrize("typed", ["stack", "service:loki", "kill", "kill:loki", "engine", "host"])
def test_disruptions_are_typed_as_they_are_shown(typed: str) -> None:
    assert str(Disruption.parse(typed)) == typed


@pytest.mark.parametrize("typed", ["", "service", "stack:loki", "reboot", "kill:", "service:../x"])
def test_other_words_are_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="there is no disruption"):
        Disruption.parse(typed)


def test_a_service_that_the_stack_does_not_run_is_refused() -> None:
    with pytest.raises(UsageError, match="choose from loki, mongodb"):
        Disruption.parse("service:redis").hits(["mongodb", "loki"])
