"""The embedded model: answers any prompt with a summary made of the prompt's own sentences."""

import re
from dataclasses import dataclass

from day23.domain.digest_prompt import REVIEW_HEADING, PromptKind, parse_prompt
from day23.domain.summarisation import DIGEST_HEADING, summarise
from day23.domain.token_count import count_tokens, first_tokens

MODEL_NAME = "extractive-lexrank-ru-v1"

_HEADINGS = {
    PromptKind.DIGEST: DIGEST_HEADING,
    PromptKind.REVIEW: REVIEW_HEADING,
    PromptKind.FREE: "## Краткое содержание",
}
_PASS_LABEL = re.compile(r"^(?:\[\w+\]|Recommendation:|Finding:)\s*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model says, and whether the token limit cut it inside a sentence."""

    text: str
    cut: bool


def answer(user: str, max_tokens: int | None = None) -> ModelAnswer:
    """Return the summary of what the user message holds.

    Args:
        user: A prompt of `digest_prompt`, or any text.
        max_tokens: Most tokens of the answer, by the rule of `token_count`; a sentence is cut only
            when not even one fits.
    """
    prompt = parse_prompt(user)
    sections = prompt.sections
    if prompt.kind is PromptKind.REVIEW:
        sections = tuple(_PASS_LABEL.sub("", section) for section in sections)
    text = summarise(sections, heading=_HEADINGS[prompt.kind], max_tokens=max_tokens)
    if max_tokens is None or count_tokens(text) <= max_tokens:
        return ModelAnswer(text, cut=False)
    return ModelAnswer(first_tokens(text, max_tokens), cut=True)
