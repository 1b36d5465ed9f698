"""The scheduler and the workers that a playbook starts for one benchmark, on the host where this runs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from day23.infrastructure.playbook_lock import playbook_above
from day23.wiring.benchmark_workers import dask_needed

if TYPE_CHECKING:
    from day23.infrastructure.llm.dask_parts import Started


def new_credentials() -> str:
    """Return a key and certificate for one run."""
    with dask_needed():
        from day23.infrastructure.llm import dask_credentials
    return dask_credentials.new_credentials()


def start_scheduler(credentials: str, host: str, port: int) -> "tuple[Started, ...]":
    """Start a scheduler that listens at an address of this host."""
    with dask_needed():
        from day23.infrastructure.llm import dask_parts
        from day23.infrastructure.llm.dask_process import DaskPart
    return dask_parts.start([DaskPart(credentials, host=host, port=port, caller=_caller())])


def start_workers(credentials: str, scheduler: str, host: str, count: int) -> "tuple[Started, ...]":
    """Start workers for a scheduler, named after their host in the inventory."""
    with dask_needed():
        from day23.infrastructure.llm import dask_parts
        from day23.infrastructure.llm.dask_names import worker_name
        from day23.infrastructure.llm.dask_process import DaskPart
    names = (worker_name(host, number) for number in range(1, count + 1))
    return dask_parts.start([DaskPart(credentials, scheduler, name=name, caller=_caller()) for name in names])


def _caller() -> int:
    """Return the playbook that everything ends with; 0 where that runs on another host."""
    playbook = playbook_above()
    return playbook.pid if playbook else 0


def end(pids: Sequence[int]) -> int:
    """End what was started here; return how many processes were still there."""
    with dask_needed():
        from day23.infrastructure.llm import dask_parts
    return dask_parts.end(pids)
