"""The client processes of a live run: this one alone, several of this host, or those of a Dask scheduler."""

from contextlib import AbstractAsyncContextManager, AsyncExitStack

from day23.application.run_benchmark import BenchmarkRequest
from day23.application.worker_ports import Crew
from day23.domain.errors import ToolkitError
from day23.infrastructure.llm.process_crew import ProcessCrew
from day23.infrastructure.llm.worker_task import Endpoint


async def enlisted(resources: AsyncExitStack, request: BenchmarkRequest, endpoint: Endpoint) -> Crew | None:
    """Start, or find, the workers that the request asks for; None where this process asks alone.

    Args:
        resources: Ends them with the run.

    Raises:
        ToolkitError: The scheduler has none, or Dask is not installed.
    """
    if request.scheduler:
        return await resources.enter_async_context(_dask_crew(request.scheduler, request.workers, endpoint))
    if request.workers is None or request.workers == 1:
        return None
    return await resources.enter_async_context(ProcessCrew(request.workers, endpoint))


def _dask_crew(address: str, count: int | None, endpoint: Endpoint) -> AbstractAsyncContextManager[Crew]:
    """Import Dask only where it is asked for: an optional library, and slow to import."""
    try:
        from day23.infrastructure.llm.dask_crew import DaskCrew
    except ModuleNotFoundError as error:
        step = ".venv/bin/pip install --require-hashes -r requirements-hosts.txt"
        raise ToolkitError(f"{error.name} is not installed", where="--scheduler", next_step=step) from None
    return DaskCrew(address, count, endpoint)
