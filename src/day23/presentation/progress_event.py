"""One line of `run/events.jsonl`: what a long step says about one subject."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from day23.application.ports import ProgressState

_COUNT_LIMIT = 10_000
"""Above this a total is bytes or the like, and people want the percentage."""


class ProgressEvent(BaseModel):
    """What `subject` (a service, a channel, a file) of `step` reached, and when."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    timestamp: datetime
    step: str
    subject: str
    state: ProgressState
    done: int | None = None
    total: int | None = None
    detail: str = ""
    elapsed_seconds: float = 0.0

    @property
    def is_final(self) -> bool:
        """Whether nothing more is expected of the subject in this step."""
        return self.state in _FINAL

    def summary(self) -> str:
        """Return the state in words.

        Example:
            `ready in 3.2 s`, `fetching 41 %`, `running 12/30`, `skipped: no artefact for this engine`.
        """
        words = [_WORDS.get(self.state, self.state.value), self._amount(), self._duration()]
        text = " ".join(word for word in words if word)
        return f"{text}: {self.detail}" if self.detail else text

    def _amount(self) -> str:
        if self.done is None or self.is_final:
            return ""
        if not self.total:
            return str(self.done)
        if self.total < _COUNT_LIMIT:
            return f"{self.done}/{self.total}"
        return f"{self.done / self.total:.0%}".replace("%", " %")

    def _duration(self) -> str:
        return f"in {self.elapsed_seconds:.1f} s" if self.state in _TIMED and self.elapsed_seconds else ""


_TIMED = frozenset({ProgressState.READY, ProgressState.DONE})
_FINAL = _TIMED | {ProgressState.SKIPPED, ProgressState.FAILED}
_WORDS = {ProgressState.FAILED: "FAILED"}


def parse_event(line: str | bytes) -> ProgressEvent | None:
    """Return the event of one line; None for a line that is not one, such as a half-written last line."""
    try:
        return ProgressEvent.model_validate_json(line)
    except ValidationError:
        return None
