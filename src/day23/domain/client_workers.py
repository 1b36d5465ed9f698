"""Which client processes offered the load of a run, and what their times have in common."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class ClientWorkers(BaseModel):
    """The client processes of a run.

    Attributes:
        count: Processes that the load was dealt to.
        hosts: Where they ran, each named once; empty for processes of the calling host.
        clock: `shared`: every moment was read from the one monotonic clock of a host. `per host`: moments
            of different hosts differ by as much as their wall clocks do, durations do not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: Annotated[int, Field(ge=1)]
    hosts: tuple[str, ...] = ()
    clock: Literal["shared", "per host"] = "shared"
