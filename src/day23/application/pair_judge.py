"""Has a model compare two summaries by vote, in both orders: one odd or broken answer decides nothing."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from day23.application.ports import ChatModel, ChatRequest
from day23.domain.chat_error import ChatError
from day23.domain.errors import ToolkitError
from day23.domain.pair_judge_prompt import InvalidPairAnswerError, build_pair_prompt, parse_pair_answer
from day23.domain.pair_judgement import Shown, Vote

ANSWERS_PER_VOTE = 3
"""A model whose answer cannot be read is asked so many times for one vote."""

TEMPERATURE = 0.7
"""Of equal answers many would be one vote."""

INVALID = "invalid_answer"

_ANSWER_TOKENS = 800
"""Five times what a judgement takes: some models explain first."""

_ANOTHER_JUDGE = "name one that follows instructions (JUDGE_URL, JUDGE_MODEL), or leave it out"


@dataclass(frozen=True, slots=True)
class SummaryPair:
    """An answer of a run beside the recorded summary of the same sample."""

    sample_id: str
    source: tuple[str, ...]
    answer: str
    recorded: str


@dataclass(slots=True)
class Votes:
    """What was said about one pair.

    Attributes:
        invalid: Answers that could not be read, whether or not a later one could.
        failed: Lost votes by reason.
        error: The last reason in a sentence.
        next_step: What helps against it.
    """

    cast: list[Vote] = field(default_factory=list)
    invalid: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    models: set[str] = field(default_factory=set)
    error: str = ""
    next_step: str = _ANOTHER_JUDGE


class PairJudge:
    """Asks one model.

    Args:
        model: Bounds the requests in flight itself.
        name: Which model where, for messages.
    """

    def __init__(self, model: ChatModel, name: str) -> None:
        self._model = model
        self._name = name

    async def votes(self, pair: SummaryPair, repeats: int) -> Votes:
        """Return the votes on a pair: so many in each order."""
        found = Votes()
        async with asyncio.TaskGroup() as group:
            for shown in Shown:
                for _ in range(repeats):
                    group.create_task(self._vote(pair, shown, found))
        return found

    async def try_out(self, pair: SummaryPair) -> None:
        """Ask for one vote, to find out whether the model can judge at all.

        Raises:
            ToolkitError: It cannot be asked, or does not answer with a judgement.
        """
        found = Votes()
        await self._vote(pair, Shown.ANSWER_FIRST, found)
        if not found.cast:
            asked = f" in {found.invalid} answers" if found.invalid else ""
            raise ToolkitError(
                f"the judge {self._name} gave no judgement{asked}: {found.error}",
                next_step=found.next_step,
            )

    async def _vote(self, pair: SummaryPair, shown: Shown, votes: Votes) -> None:
        """Ask until an answer can be read; a model that fails costs this vote only."""
        request = _request(pair, shown)
        for _ in range(ANSWERS_PER_VOTE):
            try:
                reply = await self._model.complete(request)
                votes.cast.append(Vote(shown, parse_pair_answer(reply.text)))
                votes.models.add(reply.model)
                return
            except InvalidPairAnswerError as error:
                votes.invalid += 1
                votes.error = str(error)
            except ChatError as error:
                votes.failed[error.label] += 1
                votes.error = error.what
                votes.next_step = error.next_step if error.refuses_caller else votes.next_step
                return
        votes.failed[INVALID] += 1


def _request(pair: SummaryPair, shown: Shown) -> ChatRequest:
    order: Sequence[str] = (pair.answer, pair.recorded)
    first, second = order if shown is Shown.ANSWER_FIRST else reversed(order)
    prompt = build_pair_prompt(pair.source, first, second)
    return ChatRequest(prompt.system, prompt.user, max_tokens=_ANSWER_TOKENS, temperature=TEMPERATURE)
