"""The client processes of a live run: this one alone, several of this host, or those of a Dask scheduler."""

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

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
        with dask_needed():
            from day23.infrastructure.llm.dask_crew import DaskCrew
        crew = DaskCrew(request.scheduler, request.workers, endpoint, request.credentials)
        return await resources.enter_async_context(crew)
    if request.workers is None or request.workers == 1:
        return None
    return await resources.enter_async_context(ProcessCrew(request.workers, endpoint))


@contextmanager
def dask_needed() -> Iterator[None]:
    """Import Dask only where it is asked for, an optional library and slow to import; say how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        step = "sh scripts/ci/venv.sh hosts"
        raise ToolkitError(
            f"{error.name} is not installed", where="the extra `hosts`", next_step=step
        ) from None
