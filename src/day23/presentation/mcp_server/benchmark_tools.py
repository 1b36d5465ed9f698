"""Tools that start a benchmark and read its result."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from day23.application.run_benchmark import BenchmarkRequest
from day23.domain.errors import ToolkitError
from day23.domain.load_schedule import Load
from day23.presentation.progress_view import SilentView, TerminalProgress
from day23.wiring import benchmark
from day23.wiring.mcp_server import StackAccess

Scenario = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{2,47}$", description="A file of config/scenarios.")]
Samples = Annotated[int | None, Field(ge=1, le=1000, description="Newest samples only; null takes all.")]
RunId = Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="What start_benchmark returned.")]


class BenchmarkState(BaseModel):
    """A benchmark run of this server; `run_id` is the trace id of its spans and log lines."""

    run_id: str
    scenario: str
    mode: str
    state: Literal["running", "done", "failed"] = "running"
    verdict: str | None = None
    error: str | None = None
    result: dict[str, Any] | None = None


@dataclass(slots=True)
class BenchmarkTools:
    """One benchmark at a time; results stay readable until the server ends."""

    stack: StackAccess
    _runs: dict[str, BenchmarkState] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tools(self) -> tuple[Callable[..., object], ...]:
        """Return the functions that are tools."""
        return (self.start_benchmark, self.read_benchmark)

    def start_benchmark(
        self, scenario: Scenario, mode: Literal["dry", "live"] = "dry", limit: Samples = None
    ) -> BenchmarkState:
        """Start a benchmark of the newest export; dry judges stored values, live asks the model again."""
        settings = self.stack.settings
        request = BenchmarkRequest(
            scenario=benchmark.scenario(scenario),
            mode=mode,
            dataset_dir=settings.benchmark_dataset_dir,
            limit=limit,
            load=Load(max_concurrency=settings.benchmark_max_concurrency),
        )
        with self._lock:
            if any(run.state == "running" for run in self._runs.values()):
                raise ToolkitError("a benchmark is running", next_step="read_benchmark until it is done")
            run = BenchmarkState(run_id=secrets.token_hex(16), scenario=scenario, mode=mode)
            self._runs[run.run_id] = run
        threading.Thread(target=self._run, args=(run, request), daemon=True).start()
        return run

    def read_benchmark(self, run_id: RunId) -> BenchmarkState:
        """Tell whether a benchmark is done, and what came of it."""
        found = self._runs.get(run_id)
        if found is None:
            raise ToolkitError(f"this server has no benchmark {run_id}")
        return found

    def _run(self, run: BenchmarkState, request: BenchmarkRequest) -> None:
        settings = self.stack.settings.model_copy(update={"trace_id": run.run_id})
        try:
            finished = benchmark.run_benchmark(settings, request, TerminalProgress(SilentView(), "benchmark"))
        except Exception as error:  # whatever ends the thread must end the run
            said = str(error) if isinstance(error, ToolkitError) else type(error).__name__
            self._runs[run.run_id] = run.model_copy(update={"state": "failed", "error": said})
            return
        result = finished.result.model_dump(mode="json", by_alias=True, exclude={"samples"})
        done = {"state": "done", "verdict": str(finished.result.overall), "result": result}
        self._runs[run.run_id] = run.model_copy(update=done)
