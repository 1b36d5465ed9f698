"""Refuse what cannot work before anything starts, and name every reason at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from day23.domain.errors import ToolkitError


class FindingState(StrEnum):
    """What one check came to."""

    PASSED = "passed"
    TO_FETCH = "will be fetched"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the preflight table.

    Attributes:
        check: What was looked at: `port 9090 (prometheus)`, `disk`, `artefact loki`.
        detail: What was found.
        next_step: What helps when it failed.
    """

    check: str
    state: FindingState
    detail: str
    next_step: str = ""


class Check(Protocol):
    """One thing that must be so before services start."""

    def findings(self) -> Sequence[Finding]:
        """Look, change nothing, and tell.

        Raises:
            ToolkitError: The check failed as a whole; it becomes one finding.
        """
        ...


class Preflight:
    """Runs every check, whatever the others found.

    Args:
        checks: The check by its name in the table.
    """

    def __init__(self, checks: Sequence[tuple[str, Check]]) -> None:
        self._checks = tuple(checks)

    def run(self) -> tuple[Finding, ...]:
        """Return what all checks found, in their order."""
        return tuple(finding for name, check in self._checks for finding in _findings(name, check))


def refusal(findings: Sequence[Finding]) -> str | None:
    """Return one message that names every failure and what helps, or None when nothing failed."""
    failures = [finding for finding in findings if finding.state is FindingState.FAILED]
    if not failures:
        return None
    count = "1 problem" if len(failures) == 1 else f"{len(failures)} problems"
    return "\n".join([f"Nothing was started: {count}.", *map(_paragraph, failures)])


def _findings(name: str, check: Check) -> Sequence[Finding]:
    try:
        return check.findings()
    except ToolkitError as error:
        detail = f"{error.what} ({error.where})" if error.where else error.what
        return [Finding(name, FindingState.FAILED, detail, error.next_step)]


def _paragraph(failure: Finding) -> str:
    step = f"\n    Next: {failure.next_step}" if failure.next_step else ""
    return f"- {failure.check}: {failure.detail}{step}"
