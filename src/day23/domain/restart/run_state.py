"""`RunState`: what a validation remembers between record and verdict, on disk: hosts may boot."""

from pathlib import Path

from pydantic import Field

from day23.domain.restart.snapshot import Part


class RunState(Part):
    """One validation under way.

    Attributes:
        folder: Its evidence.
        epoch: Added to the monotonic clock it gives Unix seconds.
        window_until: End of the fixed older window, Unix seconds.
        window_seconds: Its length.
        silence: Id of the validation's silence.
        started: When sending began.
        stopped: When the disruption began; None before.
        heartbeats: When each target was scraped, as known just before the stop.
        refusal: What the service said against a broken configuration.
        judged: Whether the verdict is in the evidence: whoever lost the line to the host asks for it again.
    """

    run_id: str
    disruption: str
    folder: Path
    epoch: float
    started: float
    window_until: float = 0.0
    window_seconds: float = 0.0
    silence: str = ""
    stopped: float | None = None
    heartbeats: dict[str, list[float]] = Field(default_factory=dict)
    refusal: str = ""
    judged: bool = False
