"""What a benchmark run would do, for people who ask before they run it."""

from pydantic import BaseModel, ConfigDict

from day23.application.benchmark_samples import BenchmarkSamples
from day23.application.run_benchmark import BenchmarkRequest
from day23.domain.benchmark_result import Mode
from day23.domain.errors import ToolkitError
from day23.domain.load_schedule import Load
from day23.domain.pair_judgement import Shown
from day23.domain.verdict import Threshold


class BenchmarkPlan(BaseModel):
    """A run that has not happened.

    Attributes:
        samples: How many samples would be judged; None when the dataset cannot be used yet.
        calls: Requests to the LLM API, and to the server beside where there is one; None as above.
        judge_calls: Requests to the judge, without those that are repeated; None as above.
        load: How requests are offered; None for a dry run.
        workers: Client processes; None for one, or all that the scheduler has.
        scheduler: Dask scheduler whose workers ask; None for this host.
        expected_seconds: How long an open loop takes at least; None where the server sets the pace.
        obstacle: Why the dataset cannot be used; empty when it can.
    """

    model_config = ConfigDict(frozen=True)

    scenario_id: str
    mode: Mode
    dataset: str
    samples: int | None
    calls: int | None
    judge_calls: int | None = None
    max_concurrency: int
    load: Load | None = None
    workers: int | None = None
    scheduler: str | None = None
    expected_seconds: float | None = None
    thresholds: dict[str, Threshold]
    obstacle: str = ""


def plan_benchmark(samples: BenchmarkSamples, request: BenchmarkRequest) -> BenchmarkPlan:
    """Return the plan; a missing dataset is told, not raised, because an earlier step may make it."""
    scenario = request.scenario
    count, obstacle = None, ""
    try:
        count = len(samples.load(scenario, request.dataset_file, request.limit).samples)
    except ToolkitError as error:
        obstacle = str(error)
    return BenchmarkPlan(
        scenario_id=scenario.scenario_id,
        mode=request.mode,
        dataset=str(request.dataset_file),
        samples=count,
        calls=_calls(request, count),
        judge_calls=None if count is None else len(Shown) * request.judge_repeats * count,
        max_concurrency=request.load.max_concurrency,
        load=request.load if request.mode == "live" else None,
        workers=request.workers,
        scheduler=request.scheduler,
        expected_seconds=_expected(request, count),
        thresholds=scenario.thresholds,
        obstacle=obstacle,
    )


def _calls(request: BenchmarkRequest, count: int | None) -> int | None:
    if request.mode == "dry":
        return 0
    return None if count is None else count * (2 if request.beside else 1)


def _expected(request: BenchmarkRequest, count: int | None) -> float | None:
    if request.mode != "live" or count is None or request.load.rate is None:
        return None
    return (count - 1) / request.load.rate
