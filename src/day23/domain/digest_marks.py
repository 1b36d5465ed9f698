"""Marks of a digest against labels written by an editor: facts told, noise let in, likeness of wording.

ROUGE after Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), on Snowball stems; the
usual implementations keep Latin letters only and score every Russian text 0.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from day23.domain.russian_text import numbers, stems
from day23.domain.telegram_noise import without_headings


class LabelledDay(BaseModel):
    """A day's posts with what its digest must and must not tell.

    Attributes:
        facts: Each a set of words and numbers that one bullet of the digest must hold together.
        noise: Text that no digest may hold.
        reference: A digest as an editor would write it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    posts: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]
    noise: tuple[str, ...]
    reference: str


class DigestMarks(BaseModel):
    """How a digest fares on one labelled day; every mark from 0 to 1, more is better.

    Attributes:
        facts: Share of the facts that are told.
        clean: Share of the noise that stayed out; 1 where the day has none.
        rouge_1: F1 of the stems shared with the reference.
        rouge_2: F1 of the pairs of neighbouring stems.
    """

    model_config = ConfigDict(frozen=True)

    facts: float
    clean: float
    rouge_1: float
    rouge_2: float


def mark(day: LabelledDay, digest: str) -> DigestMarks:
    """Mark a digest of a labelled day."""
    body = without_headings(digest)
    told = [_terms(bullet) for bullet in body.splitlines()]
    own, wanted = stems(body), stems(day.reference)
    return DigestMarks(
        facts=_share(any(_terms(" ".join(fact)) <= one for one in told) for fact in day.facts),
        clean=_share(noise not in body for noise in day.noise),
        rouge_1=_f1(own, wanted),
        rouge_2=_f1(list(pairwise(own)), list(pairwise(wanted))),
    )


def mean_marks(marks: Sequence[DigestMarks]) -> DigestMarks:
    """Return the mean of each mark over the days."""
    names = DigestMarks.model_fields
    return DigestMarks(**{name: sum(getattr(one, name) for one in marks) / len(marks) for name in names})


def _terms(text: str) -> frozenset[str]:
    return frozenset((*stems(text), *numbers(text)))


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else 1.0


def _f1(own: Sequence[object], wanted: Sequence[object]) -> float:
    common = (Counter(own) & Counter(wanted)).total()
    return 2 * common / (len(own) + len(wanted)) if own or wanted else 0.0
