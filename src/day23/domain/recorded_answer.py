"""What a model answered about one sample, as it is kept: text and times, or the error in their place."""

from pydantic import BaseModel, ConfigDict

from day23.domain.sample_times import SampleTimes


class RecordedAnswer(BaseModel):
    """One answer, or why there is none.

    Attributes:
        beside: Whether the server beside the one that is measured was asked.
        error_kind: What went wrong, in a word; empty when nothing did.
        attempts: Requests it took.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sample_id: str
    beside: bool = False
    text: str = ""
    model: str = ""
    times: SampleTimes | None = None
    error_kind: str = ""
    error: str = ""
    attempts: int = 1

    @property
    def failed(self) -> bool:
        """Whether there is no answer."""
        return bool(self.error_kind)
