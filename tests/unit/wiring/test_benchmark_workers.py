"""Who asks, as the request wants it."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from day23.application.run_benchmark import BenchmarkRequest
from day23.domain.errors import ToolkitError
from day23.infrastructure.benchmark.scenario_file import load_scenario
from day23.infrastructure.llm.worker_task import Endpoint
from day23.wiring.benchmark_clients import start_scheduler
from day23.wiring.benchmark_workers import enlisted

SCENARIOS = Path(__file__).resolve().parents[3] / "config" / "scenarios"


def crew_of(**wanted: Any) -> object:
    request = BenchmarkRequest(load_scenario(SCENARIOS, "channel_digest_ru"), "live", Path(), **wanted)

    async def enlist() -> object:
        async with AsyncExitStack() as resources:
            return await enlisted(resources, request, Endpoint("http://127.0.0.1:9", "m", 1.0))

    return asyncio.run(enlist())


@pytest.mark.parametrize("workers", [None, 1])
def test_one_worker_is_this_process(workers: int | None) -> None:
    assert crew_of(workers=workers) is None


def test_without_dask_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    for name in ("dask_crew", "dask_credentials", "dask_process", "dask_parts", "dask_task"):
        monkeypatch.delitem(sys.modules, f"day23.infrastructure.llm.{name}", raising=False)
    with pytest.raises(ToolkitError, match=r"distributed is not installed.*venv\.sh hosts"):
        crew_of(scheduler="tcp://127.0.0.1:8786")
    with pytest.raises(ToolkitError, match=r"distributed is not installed.*venv\.sh hosts"):
        start_scheduler("", "127.0.0.1", 0)
