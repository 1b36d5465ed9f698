"""What a judge's votes on pairs of summaries amount to: preference, scores, and how far to trust them.

Each pair is an answer of the run and the recorded summary of the same sample, shown in both orders. Pairs
are the unit of every interval; the votes within one are not independent. A vote for what stands first is
told apart from a vote for the answer: the first must cancel out over both orders, and is reported as bias.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, FiniteFloat

from day23.domain.pair_judge_prompt import PairAnswer, Place
from day23.domain.percentile import mean
from day23.domain.scenario import QUALITY_METRICS
from day23.domain.statistics.average import Average, share

FEWEST_REPEATS = 3
"""Votes on a pair in each order; with fewer a majority says little. Eleven come near the verdict of fifty
votes ("The Coin Flip Judge?", arXiv 2606.13685)."""

INTERRUPTED = "interrupted"
"""The remark on a judging that Ctrl-C ended."""


class Preferred(StrEnum):
    """Which of the two summaries a pair's votes prefer."""

    ANSWER = "answer"
    RECORDED = "recorded"
    EQUAL = "equal"


class Shown(StrEnum):
    """The order in which a pair was shown: what stood first."""

    ANSWER_FIRST = "answer first"
    RECORDED_FIRST = "recorded first"


@dataclass(frozen=True, slots=True)
class Vote:
    """One readable answer of the judge."""

    shown: Shown
    answer: PairAnswer

    @property
    def preferred(self) -> Preferred:
        """Which summary the vote prefers, wherever it stood."""
        if self.answer.better is Place.EQUAL:
            return Preferred.EQUAL
        chose_first = self.answer.better is Place.FIRST
        return Preferred.ANSWER if chose_first is self._answer_is_first else Preferred.RECORDED

    def scores(self, of: Literal[Preferred.ANSWER, Preferred.RECORDED]) -> Mapping[str, float]:
        """Return the scores that the vote gives to one of the summaries."""
        stands_first = self._answer_is_first is (of is Preferred.ANSWER)
        return self.answer.first if stands_first else self.answer.second

    @property
    def _answer_is_first(self) -> bool:
        return self.shown is Shown.ANSWER_FIRST


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JudgedPair(_Part):
    """One pair that was judged in both orders.

    Attributes:
        preferred: By the majority of all votes.
        flipped: Whether the majority changes with the order.
        first_share: Share of votes for what stood first; a vote for neither counts half.
        scores: Mean scores of the answer.
        recorded_scores: Mean scores of the recorded summary.
        votes: Readable votes.
        identical: Whether both summaries are the same text.
    """

    preferred: Preferred
    flipped: bool
    first_share: FiniteFloat
    scores: dict[str, FiniteFloat]
    recorded_scores: dict[str, FiniteFloat]
    votes: int
    identical: bool = False


class JudgeTerms(_Part):
    """Who judged and how.

    Attributes:
        model: As it names itself, or was asked for.
        is_tested_model: Whether the judge is the model that the run measured.
        repeats: Votes on each pair, in each order.
    """

    model: str
    is_tested_model: bool
    prompt_version: str
    prompt_sha256: str
    temperature: FiniteFloat
    repeats: int


class PairJudgement(_Part):
    """What a model thinks of a run's answers beside the recorded summaries; it changes no verdict.

    Attributes:
        pairs: Samples of the run that were answered.
        judged: Pairs with a majority of readable votes in each order.
        identical: Judged pairs whose summaries are the same text: nothing but `equal` is right there.
        preferred: Judged pairs by what they prefer.
        preference: Share of the pairs that prefer anything which prefer the answer; null without such pairs.
        flip_rate: Share of the judged pairs whose preference changes with the order.
        order_bias: Share of votes for what stood first, less a half, pair by pair; 0 is none, 0.5 is all.
        scores: Mean scores of the answers by the rubric; `recorded_scores` those of the recorded summaries.
        invalid_answers: Answers that could not be read; each was asked for again, up to a limit.
        failed_votes: Votes that were lost, by reason.
        unjudged: Why, by sample.
        remark: Why judging ended early or did not begin; empty when it is complete.
    """

    terms: JudgeTerms
    pairs: int
    judged: int
    identical: int = 0
    preferred: dict[Preferred, int] = {}
    preference: Average | None = None
    flip_rate: Average | None = None
    order_bias: Average | None = None
    scores: dict[str, Average] = {}
    recorded_scores: dict[str, Average] = {}
    invalid_answers: int = 0
    failed_votes: dict[str, int] = {}
    unjudged: dict[str, str] = {}
    remark: str = ""
    seconds: FiniteFloat = 0.0


def judged_pair(votes: Sequence[Vote], repeats: int, *, identical: bool) -> JudgedPair | None:
    """Return what the votes on one pair amount to.

    Args:
        votes: The readable ones.
        repeats: Votes that were asked for in each order.

    Returns:
        The pair; None where half of the votes of one order or more are missing.
    """
    by_order = [[vote for vote in votes if vote.shown is shown] for shown in Shown]
    if any(2 * len(cast) <= repeats for cast in by_order):
        return None
    return JudgedPair(
        preferred=_majority(votes),
        flipped=len({_majority(cast) for cast in by_order}) > 1,
        first_share=mean([mean([_FIRST[vote.answer.better] for vote in cast]) for cast in by_order]),
        scores=_mean_scores(votes, Preferred.ANSWER),
        recorded_scores=_mean_scores(votes, Preferred.RECORDED),
        votes=len(votes),
        identical=identical,
    )


_FIRST = {Place.FIRST: 1.0, Place.EQUAL: 0.5, Place.SECOND: 0.0}


def figures(pairs: Sequence[JudgedPair]) -> dict[str, Any]:
    """Return the fields of `PairJudgement` that follow from its judged pairs."""
    count = {each: sum(pair.preferred is each for pair in pairs) for each in Preferred}
    decided = count[Preferred.ANSWER] + count[Preferred.RECORDED]
    return {
        "judged": len(pairs),
        "identical": sum(pair.identical for pair in pairs),
        "preferred": count,
        "preference": share(count[Preferred.ANSWER], decided),
        "flip_rate": share(sum(pair.flipped for pair in pairs), len(pairs)),
        "order_bias": order_bias([pair.first_share for pair in pairs]),
        "scores": _averages(pair.scores for pair in pairs),
        "recorded_scores": _averages(pair.recorded_scores for pair in pairs),
    }


def order_bias(first_shares: Sequence[float]) -> Average | None:
    """Return the mean share of votes for what stood first, less a half; None without pairs."""
    found = share(sum(first_shares), len(first_shares))
    if found is None or found.interval is None:
        return None
    ends = {"low": found.interval.lowest - 0.5, "high": found.interval.highest - 0.5}
    return Average(mean=found.mean - 0.5, interval=found.interval.model_copy(update=ends))


def _majority(votes: Sequence[Vote]) -> Preferred:
    """Return the summary with more votes; `equal` where neither has."""
    balance = sum(_LEANS[vote.preferred] for vote in votes)
    if balance == 0:
        return Preferred.EQUAL
    return Preferred.ANSWER if balance > 0 else Preferred.RECORDED


_LEANS = {Preferred.ANSWER: 1, Preferred.EQUAL: 0, Preferred.RECORDED: -1}


def _mean_scores(
    votes: Sequence[Vote], of: Literal[Preferred.ANSWER, Preferred.RECORDED]
) -> dict[str, float]:
    cast = [vote.scores(of) for vote in votes]
    return {name: mean([scores[name] for scores in cast]) for name in QUALITY_METRICS}


def _averages(scores: Iterable[Mapping[str, float]]) -> dict[str, Average]:
    """Return mean scores, by counts: levels are often all equal, which Student's t takes for certainty."""
    every = list(scores)
    found = {name: share(sum(one[name] for one in every), len(every)) for name in QUALITY_METRICS}
    return {name: mean_score for name, mean_score in found.items() if mean_score}
