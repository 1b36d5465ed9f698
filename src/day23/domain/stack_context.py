"""Which stack a module works on."""

from dataclasses import dataclass
from pathlib import Path

from day23.domain.placement import ON_THE_HOST, Placement
from day23.domain.stack_paths import StackPaths


@dataclass(frozen=True, slots=True)
class StackContext:
    """What every library module is told about the stack, as the option `stack`.

    Attributes:
        paths: The stack root and everything below it; absolute.
        engine: Name of the engine that runs the services.
        bind: Address of this host that services are reached at.
        repository: The project checkout.
        cache_dir: Where artefacts are kept between stacks.
        trace_id: 32 hex digits that join everything one playbook does; None before it is known.
        placement: How the services are named and find each other.
    """

    paths: StackPaths
    engine: str
    bind: str
    repository: Path
    cache_dir: Path
    trace_id: str | None = None
    placement: Placement = ON_THE_HOST
