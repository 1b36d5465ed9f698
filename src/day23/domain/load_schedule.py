"""When the requests of a run are meant to be sent."""

import random
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Arrival = Literal["constant", "poisson"]

SEED = 23


class Load(BaseModel):
    """How requests are offered to the server.

    A closed loop sends the next request when an answer makes room; it slows down with the server and so
    hides waiting. An open loop sends by the clock, as people do.

    Attributes:
        rate: Requests per second of an open loop; None is a closed loop.
        arrival: Equal gaps, or the exponential gaps of independent senders.
        seed: Makes the gaps of a Poisson process, and the choice of samples, the same again.
        max_concurrency: Most requests in flight; in an open loop a safety limit that should not be reached.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate: Annotated[float, Field(gt=0, le=10_000)] | None = None
    arrival: Arrival = "constant"
    seed: int = SEED
    max_concurrency: Annotated[int, Field(ge=1)] = 4

    @property
    def open_loop(self) -> bool:
        """Whether requests are sent by the clock."""
        return self.rate is not None

    def offsets(self) -> Iterator[float]:
        """Yield the intended send times in seconds from the start, without end.

        Example:
            >>> from itertools import islice
            >>> list(islice(Load(rate=4).offsets(), 3))
            [0.0, 0.25, 0.5]
        """
        rate = self.rate or 1.0
        # Not for secrets: a schedule that must come out the same again.
        source = random.Random(self.seed)  # noqa: S311  # nosec B311
        at, position = 0.0, 0
        while True:
            yield at
            position += 1
            # A product keeps the thousandth constant gap as exact as the first.
            at = position / rate if self.arrival == "constant" else at + source.expovariate(rate)
