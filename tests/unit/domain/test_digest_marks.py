"""The embedded digest on days that an editor labelled."""

from pathlib import Path

import pytest

from day23.domain.digest_marks import LabelledDay, mark, mean_marks
from day23.domain.plain_summaries import lead, lexrank_plain
from day23.domain.summarisation import summarise
from day23.presentation.cli.digest_quality import WRITERS, read_labelled_days

DAYS = read_labelled_days(Path(__file__).with_name("labelled_days.yml"))
DAY = LabelledDay(
    name="a day",
    posts=("Открыли музей на 300 мест.", "Завтра снег.", "Подпишись!"),
    facts=(("музей", "300"), ("снег",)),
    noise=("Подпишись",),
    reference="- Открыли музей на 300 мест.\n- Завтра снег.",
)


def test_the_reference_has_full_marks() -> None:
    assert set(mark(DAY, DAY.reference).model_dump().values()) == {1.0}


def test_a_lost_number_costs_its_fact() -> None:
    assert mark(DAY, "## Главное\n\n- Открыли музей.\n- Завтра снег.").facts == 0.5


def test_noise_is_noticed() -> None:
    assert mark(DAY, "- Подпишись!").clean == 0


def test_inflection_keeps_a_fact_and_scattered_words_lose_it() -> None:
    assert mark(DAY, "- О музее на 300 мест.").facts == 0.5
    assert mark(DAY, "- Музей открыт.\n- На 300 мест.").facts == 0


def test_nothing_has_no_marks() -> None:
    marks = mark(DAY, "")
    assert (marks.facts, marks.rouge_1, marks.rouge_2) == (0, 0, 0)
    assert lexrank_plain([]) == lead([]) == ""


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.name)
def test_digests_of_labelled_days_hold_no_noise_and_half_of_the_facts(day: LabelledDay) -> None:
    marks = mark(day, summarise(day.posts))
    assert marks.clean == 1
    assert marks.facts >= 0.5


def test_the_digest_beats_lexrank_and_lead_on_every_mark() -> None:
    means = {
        name: mean_marks([mark(day, write(day.posts)) for day in DAYS]).model_dump()
        for name, write in WRITERS.items()
    }
    own = means.pop("day23")
    assert all(own[name] > other[name] for other in means.values() for name in own)
