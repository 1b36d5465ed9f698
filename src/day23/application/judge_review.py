"""Have a model judge a digest, by vote: one odd or broken answer decides nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from day23.application.ports import ChatModel, ChatRequest
from day23.domain.digest_prompt import Prompt
from day23.domain.errors import ToolkitError
from day23.domain.judge_prompt import (
    AXES,
    JUDGE_PROMPT_VERSION,
    InvalidJudgementError,
    build_judge_prompt,
    parse_judgement,
)
from day23.domain.judgement import verdict_of

FEWEST_VOTES = 3
"""With fewer a median is no majority."""

ANSWERS_PER_VOTE = 3
"""A model that answers with anything but JSON is asked so many times for one vote."""

_ANSWER_TOKENS = 120


@dataclass(frozen=True, slots=True)
class _Vote:
    model: str
    scores: dict[str, float] | None
    invalid: int


async def judge_by_vote(
    model: ChatModel, posts: Sequence[str], summary_markdown: str, votes: int
) -> dict[str, object] | None:
    """Return the `model_judge` entry of a review report.

    Args:
        model: Asked `votes` times, again for every answer that cannot be read.
        posts: The day's posts.
        summary_markdown: The digest.
        votes: At least `FEWEST_VOTES`; temperature 0.7, for equal answers would be one vote.

    Returns:
        The median of each score with the model's name; None when fewer than half of the votes are valid.
    """
    prompt = build_judge_prompt(posts, summary_markdown)
    cast = await asyncio.gather(*(_vote(model, prompt) for _ in range(votes)))
    valid = [vote.scores for vote in cast if vote.scores is not None]
    if 2 * len(valid) <= votes:
        return None
    scores = {axis: median(one[axis] for one in valid) for axis in AXES}
    return {
        "judge_model": next(vote.model for vote in cast if vote.scores is not None),
        "prompt_version": JUDGE_PROMPT_VERSION,
        "scores": scores,
        "verdict": verdict_of(scores),
        "votes": votes,
        "invalid_answers": sum(vote.invalid for vote in cast),
        "failed_votes": votes - len(valid),
    }


async def _vote(model: ChatModel, prompt: Prompt) -> _Vote:
    """Ask until an answer can be read; a model that fails costs its vote only."""
    request = ChatRequest(prompt.system, prompt.user, max_tokens=_ANSWER_TOKENS, temperature=0.7)
    for invalid in range(ANSWERS_PER_VOTE):
        try:
            reply = await model.complete(request)
            return _Vote(reply.model, parse_judgement(reply.text), invalid)
        except InvalidJudgementError:
            continue
        except ToolkitError:
            return _Vote("", None, invalid)
    return _Vote("", None, ANSWERS_PER_VOTE)
