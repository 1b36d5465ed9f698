"""What the bootstrap of the shared infrastructure came to, step by step."""

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class StepStatus(_Part):
    """One step.

    Attributes:
        step: One of `BOOTSTRAP_STEPS`.
        up: Whether the service answered in its own protocol.
        detail: What it answered, or why it did not.
        next_step: The command that helps; empty when it is up.
        seconds: How long the answer took.
    """

    step: str
    up: bool
    detail: str
    next_step: str = ""
    seconds: float = 0.0


class BootstrapReport(_Part):
    """All steps, in the order of the bootstrap."""

    steps: tuple[StepStatus, ...]
    trace_id: str

    @property
    def up(self) -> bool:
        """Whether every step succeeded."""
        return not self.down

    @property
    def down(self) -> tuple[StepStatus, ...]:
        """The steps that failed."""
        return tuple(step for step in self.steps if not step.up)
