"""What a running stack answers when it is asked about a run."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Series(_Part):
    """One series of an instant query."""

    labels: dict[str, str]
    value: float


class LogLine(_Part):
    """One log line with its labels and structured metadata."""

    timestamp: AwareDatetime
    labels: dict[str, str]
    text: str


class Span(_Part):
    """One span of `butler.spans`."""

    span_id: str
    trace_id: str
    parent_id: str | None
    name: str
    service: str
    start_time: datetime
    duration_ms: float
    status: str
    attributes: dict[str, str | int | float | bool] = {}
