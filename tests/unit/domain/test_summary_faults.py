from pathlib import Path

import pytest

from day23.domain.reference_overlap import chrf, overlap
from day23.domain.summary_faults import Fault, faults
from day23.presentation.cli.digest_quality import read_labelled_days
from day23.presentation.cli.summary_faults import REQUIRED, found_rates

DAYS = read_labelled_days(Path(__file__).with_name("labelled_days.yml"))
RATES = found_rates(DAYS, 5)


@pytest.mark.parametrize("name", sorted(RATES))
def test_every_fault_is_caught_and_sound_summaries_pass(name: str) -> None:
    good, count = RATES[name]
    assert good >= REQUIRED * count


def test_an_empty_summary_drops_its_topics() -> None:
    assert Fault.DROPPED_TOPIC in faults(DAYS[0].posts, "")


def test_a_summary_may_leave_out_a_question_to_readers() -> None:
    posts = ["Рубль укрепился до 104 за доллар на торгах.", "А вы верите в жизнь на далёком холодном Марсе?"]
    assert faults(posts, "- Рубль укрепился до 104 за доллар на торгах.") == frozenset()


def test_chrf_is_what_its_definition_gives() -> None:
    # "аб" against "ав": unigrams share 1 of 2, bigrams 0 of 1; precision and recall are both 0.25.
    assert chrf("аб", "ав") == pytest.approx(0.25)
    assert chrf("снег идёт", "снег идёт") == 1.0
    assert chrf("", "снег") == 0.0
    assert chrf("ab", "снег") == 0.0


def test_chrf_counts_recall_twice() -> None:
    # Unigrams only: 1 of 1 right, 1 of 2 told. F2 = 5 * 1 * 0.5 / (4 * 1 + 0.5).
    assert chrf("а", "аб") == pytest.approx(5 * 0.5 / 4.5)


def test_rouge_sees_through_inflection_and_order() -> None:
    found = overlap("- Музеи открыли выставки.", "- Выставку открыл музей.")
    assert found["rouge_1"] == 1.0
    assert found["rouge_l"] == pytest.approx(1 / 3)


def test_nothing_overlaps_with_nothing() -> None:
    assert overlap("", "Снег.") == {"chrf": 0.0, "rouge_1": 0.0, "rouge_l": 0.0}
