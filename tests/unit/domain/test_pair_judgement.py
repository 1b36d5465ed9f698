"""What votes amount to: a judge that looks at the order is told from one that looks at the text."""

import pytest

from day23.domain.pair_judge_prompt import PairAnswer, Place
from day23.domain.pair_judgement import JudgedPair, Preferred, Shown, Vote, figures, judged_pair
from day23.domain.scenario import QUALITY_METRICS

GOOD, POOR = dict.fromkeys(QUALITY_METRICS, 1.0), dict.fromkeys(QUALITY_METRICS, 0.25)


def vote(shown: Shown, better: Place) -> Vote:
    """A vote that scores whatever stands first as good."""
    return Vote(shown, PairAnswer(GOOD, POOR, better))


def pair(answer_first: str, recorded_first: str, repeats: int = 3, *, identical: bool = False) -> JudgedPair:
    """A pair from votes like `fs=`: first, second, equal."""
    places = {"f": Place.FIRST, "s": Place.SECOND, "=": Place.EQUAL}
    votes = [vote(Shown.ANSWER_FIRST, places[each]) for each in answer_first]
    votes += [vote(Shown.RECORDED_FIRST, places[each]) for each in recorded_first]
    found = judged_pair(votes, repeats, identical=identical)
    assert found
    return found


@pytest.mark.parametrize(
    ("answer_first", "recorded_first", "preferred", "flipped", "first_share"),
    [
        ("fff", "sss", Preferred.ANSWER, False, 0.5),
        ("sss", "fff", Preferred.RECORDED, False, 0.5),
        ("fff", "fff", Preferred.EQUAL, True, 1.0),
        ("===", "===", Preferred.EQUAL, False, 0.5),
        ("ffs", "sss", Preferred.ANSWER, False, 1 / 3),
        ("===", "sss", Preferred.ANSWER, True, 0.25),
        ("fff", "ss", Preferred.ANSWER, False, 0.5),
    ],
)
def test_a_pair_is_told_by_its_majorities(
    answer_first: str, recorded_first: str, preferred: Preferred, flipped: bool, first_share: float
) -> None:
    found = pair(answer_first, recorded_first)
    assert (found.preferred, found.flipped) == (preferred, flipped)
    assert found.first_share == pytest.approx(first_share)


@pytest.mark.parametrize("recorded_first", ["", "s"])
def test_without_a_majority_in_both_orders_there_is_no_judgement(recorded_first: str) -> None:
    votes = [vote(Shown.ANSWER_FIRST, Place.FIRST)] * 3
    votes += [vote(Shown.RECORDED_FIRST, Place.SECOND)] * len(recorded_first)
    assert judged_pair(votes, 3, identical=False) is None


def test_scores_belong_to_the_text_and_not_to_its_place() -> None:
    answer_first = Vote(Shown.ANSWER_FIRST, PairAnswer(POOR, GOOD, Place.SECOND))
    recorded_first = Vote(Shown.RECORDED_FIRST, PairAnswer(GOOD, POOR, Place.FIRST))
    found = judged_pair([answer_first, recorded_first] * 3, 3, identical=False)
    assert found
    assert found.scores == POOR
    assert found.recorded_scores == GOOD


def test_a_judge_that_always_takes_the_first_prefers_nothing() -> None:
    found = figures([pair("fff", "fff")] * 40)
    assert found["preference"] is None
    assert found["preferred"] == {Preferred.ANSWER: 0, Preferred.RECORDED: 0, Preferred.EQUAL: 40}
    assert found["flip_rate"].mean == 1.0
    assert found["order_bias"].mean == 0.5
    assert found["order_bias"].interval.lowest > 0.4


def test_a_judge_that_looks_at_the_text_has_no_bias() -> None:
    found = figures([pair("fff", "sss")] * 30 + [pair("sss", "fff")] * 10)
    assert found["preference"].mean == 0.75
    assert found["preference"].interval.low == pytest.approx(0.588, abs=5e-4)
    assert found["flip_rate"].mean == 0.0
    assert found["order_bias"].mean == 0.0
    assert found["order_bias"].interval.holds(0.0)


def test_nothing_judged_is_no_figure() -> None:
    found = figures([])
    assert found["judged"] == 0
    assert found["preference"] is found["flip_rate"] is found["order_bias"] is None
    assert found["scores"] == {}
