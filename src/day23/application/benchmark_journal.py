"""The answers of a run that is under way, kept so that an interruption loses none of them."""

from collections.abc import Mapping
from typing import Protocol

from day23.domain.recorded_answer import RecordedAnswer


class Journal(Protocol):
    """Keeps what was answered until the result is stored."""

    def begin(self, key: Mapping[str, object], *, resume: bool) -> tuple[RecordedAnswer, ...]:
        """Start a run; return what an interrupted run of the same key had finished, if it is to go on.

        Args:
            key: What both runs must have in common.
            resume: Whether to go on; otherwise what was kept is dropped.

        Raises:
            ToolkitError: There is nothing to go on with, or it was made under another key.
        """
        ...

    def keep(self, answer: RecordedAnswer) -> None:
        """Remember an answer; a killed process loses none that was kept."""
        ...

    def finish(self) -> None:
        """Forget everything: the result is stored."""
        ...
