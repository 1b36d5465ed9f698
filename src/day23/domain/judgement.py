"""What the deterministic judge says about a text and its summary."""

from collections.abc import Mapping

from day23.domain.benchmark_dataset import JUDGE_MODEL, Verdict
from day23.domain.digest_prompt import PROMPT_VERSION
from day23.domain.quality import measure
from day23.domain.source_content import source_content

MEETS_FROM = {"coverage": 0.88, "accuracy": 0.90, "coherence": 0.90, "informativeness": 0.88}
"""Scores that meet expectations: the pass bounds of scenario `channel_digest_ru` (Stage 05)."""


def judge(source_text: str, summary_markdown: str) -> dict[str, object]:
    """Return the `llm_judge` entry of a document.

    The scores are those of `domain/quality.py`, measured against `source_content`. The verdict never
    exceeds expectations: that praise takes a reader.
    """
    quality = measure(source_content(source_text), summary_markdown)
    return {
        "judge_model": JUDGE_MODEL,
        "prompt_version": PROMPT_VERSION,
        "scores": quality.as_dict(),
        "verdict": verdict_of(quality.as_dict()),
    }


def verdict_of(scores: Mapping[str, float]) -> Verdict:
    """Return whether all four scores reach their bounds."""
    meets = all(scores[axis] >= bound for axis, bound in MEETS_FROM.items())
    return "MEETS_EXPECTATIONS" if meets else "BELOW_EXPECTATIONS"
