"""A broken rule of the dataset, told so that it can be mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_READING_RULES = ("value_error", "timezone_aware")
"""Rules that take code; all others are in the schemas, too."""

_REMEDIES: Mapping[str, str] = {
    "missing": "add the field, or seed the day again",
    "timezone_aware": "store the time with its zone (UTC)",
    "finite_number": "store what was measured; NaN and infinity are no measurements",
    "greater_than": "measure it again; it must be above zero",
}
_REMEDIES_OF_FIELDS: Mapping[str, str] = {
    "summary_markdown": "have the digest written in Russian under a Russian heading; seed the day again",
    "posts": "correct the channel's export, or say why in metadata.note",
    "synthesis": "delete the review report and seed again: the review is then written anew",
    "created_at": "store the time of the day's last post",
    "posted_at": "store the time of publication in UTC",
    "provenance": "write telegram or synthetic",
    "language": "write ru; other languages do not belong to this dataset",
    "feature_flags": "write at least one flag, true or false",
    "channel": "write the channel as @name, in lower case",
    "assignment_id": "write the channel as @name, in lower case",
    "scores": "score it again; each axis lies between 0 and 1",
}
_OTHERWISE = "correct the field, or delete the document and seed again"


@dataclass(frozen=True, slots=True)
class Violation:
    """A field of a document that breaks a rule.

    Attributes:
        fix: What to do about it.
        is_structural: Whether a schema of the documents refuses it, too.
    """

    field: str
    rule: str
    value: str
    fix: str = _OTHERWISE
    is_structural: bool = True

    def __str__(self) -> str:
        return f"{self.field}: {self.rule} (got {self.value}). Fix: {self.fix}"


def described(problem: Any) -> Violation:
    """Return the violation that one of pydantic's error details tells of."""
    path = [str(part) for part in problem["loc"]]
    value = "nothing" if problem["type"] == "missing" else f"{problem['input']!r:.80}"
    return Violation(
        field=".".join(path),
        rule=problem["msg"].removeprefix("Value error, "),
        value=value,
        fix=_remedy(problem["type"], path),
        is_structural=problem["type"] not in _READING_RULES,
    )


def _remedy(kind: str, path: list[str]) -> str:
    if kind in _REMEDIES:
        return _REMEDIES[kind]
    known = (_REMEDIES_OF_FIELDS[part] for part in reversed(path) if part in _REMEDIES_OF_FIELDS)
    return next(known, _OTHERWISE)
