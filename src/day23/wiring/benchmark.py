"""Benchmark runs, with dataset files, LLM API, results and telemetry joined."""

import os
import platform
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from day23.application.benchmark_plan import BenchmarkPlan, plan_benchmark
from day23.application.benchmark_samples import BenchmarkSamples
from day23.application.live_server import LiveServer, ServerBeside
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Progress, Telemetry
from day23.application.run_benchmark import BenchmarkRequest, BenchmarkRun, RunBenchmarkUseCase
from day23.application.snapshot_folder import SEED_RECORD
from day23.application.spread_answers import calibrate_crew
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.benchmark_baseline import BaselineComparison, compare_runs, run_key
from day23.domain.benchmark_result import BenchmarkResult, Mode
from day23.domain.errors import UsageError
from day23.domain.load_schedule import Arrival, Load
from day23.domain.scenario import Scenario
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.benchmark.baseline_file import LAST, earlier_runs, load_baseline
from day23.infrastructure.benchmark.host_facts import host_facts
from day23.infrastructure.benchmark.journal_file import JournalFile
from day23.infrastructure.benchmark.result_files import ResultFiles
from day23.infrastructure.benchmark.scenario_file import load_scenario, scenario_ids
from day23.infrastructure.benchmark.unjudged_run import unjudged_run
from day23.infrastructure.evidence_bundle import clear
from day23.infrastructure.files import write_atomically
from day23.infrastructure.llm.calibration import calibrate
from day23.infrastructure.llm.chat_client import OpenAIChatModel
from day23.infrastructure.llm.server_facts import read_server_facts
from day23.infrastructure.llm.worker_task import Endpoint
from day23.infrastructure.locks import exclusive_lock
from day23.settings import Settings
from day23.wiring.benchmark_judge import judge_of_run
from day23.wiring.benchmark_workers import enlisted
from day23.wiring.connections import beside_key, llm_key, llm_model, llm_url
from day23.wiring.evidence import seal_benchmark
from day23.wiring.exports import CHECKOUT, export_files
from day23.wiring.telemetry import telemetry_session

ANSWER_WITHIN_SECONDS = 600.0
"""Longest wait for one answer; twice what the slowest threshold calls a failure is enough for any model."""


OPEN_LOOP_CONCURRENCY = 256
"""Room for requests in flight when they are sent by the clock."""


def run_benchmark(
    settings: Settings, request: BenchmarkRequest, progress: Progress, repository: Path = CHECKOUT
) -> BenchmarkRun:
    """Run a scenario to its end.

    Raises:
        ToolkitError: The dataset cannot be used, or the stack is not up for a live run.
        LockedError: Another live run measures this stack.
        KeyboardInterrupt: Ctrl-C; the samples of a live run that were finished are kept, see `journal`.
    """
    with _alone(settings, request), telemetry_session(settings, "benchmark", "TL-03") as telemetry:
        return uvloop.run(_run(settings, request, progress, repository, telemetry))


def _alone(settings: Settings, request: BenchmarkRequest) -> AbstractContextManager[None]:
    """Keep a second live run out: each would measure the other's load."""
    if request.mode != "live":
        return nullcontext()
    return exclusive_lock(StackPaths(settings.stack_root).run / "benchmark.lock", "measuring the LLM API")


def baseline(request: BenchmarkRequest, wanted: str) -> Callable[[BenchmarkResult], BaselineComparison]:
    """Return what compares a run with the earlier one that `wanted` names: a file, or `last`.

    `last` is the newest run of the same machine and configuration, where there is one.

    Call it before the new run starts, so that `last` is not the new run itself.
    """
    place = (request.dataset_dir, request.scenario.scenario_id, request.mode)
    earlier, stored = load_baseline(*place, wanted), earlier_runs(*place)

    def compare(current: BenchmarkResult) -> BaselineComparison:
        equal = [run for run in stored if run_key(run) == run_key(current)] if wanted == LAST else []
        return compare_runs(equal[-1] if equal else earlier, current, stored)

    return compare


def newest_run(dataset_dir: Path, scenario_id: str, mode: Mode) -> BenchmarkResult:
    """Return the newest stored run.

    Raises:
        ToolkitError: There is none.
    """
    return load_baseline(dataset_dir, scenario_id, mode, LAST)


def load(
    settings: Settings, rate: float | None, arrival: Arrival, seed: int, max_concurrency: int | None
) -> Load:
    """Return how a live run offers its requests; an open loop gets room unless a limit was given."""
    room = OPEN_LOOP_CONCURRENCY if rate else settings.benchmark_max_concurrency
    return Load(rate=rate, arrival=arrival, seed=seed, max_concurrency=max_concurrency or room)


def save_bundle(run: BenchmarkRun, files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the files of a run and seal them, chained to the export and the seed; return the folder."""
    clear(folder, ("comparison.json", "beside.jsonl", SEED_RECORD, "*.png"))
    for name, content in files.items():
        write_atomically(folder / name, content)
    seal_benchmark(folder, Path(run.result.metadata.dataset.path), run.dataset_dir)
    return folder


def interrupted(request: BenchmarkRequest) -> JournalFile | None:
    """Return the journal that an interrupted run left; None when it left none."""
    left = journal(request)
    return left if left.path.exists() else None


def plan(request: BenchmarkRequest, repository: Path = CHECKOUT) -> BenchmarkPlan:
    """Return what a run would do; nothing is written and nobody is asked."""
    return plan_benchmark(_samples(repository, NullTelemetry()), request)


def scenario(scenario_id: str, repository: Path = CHECKOUT) -> Scenario:
    """Return a scenario of `config/scenarios`."""
    return load_scenario(_scenarios(repository), scenario_id)


def scenarios(repository: Path = CHECKOUT) -> list[str]:
    """Return the names of the scenarios there are."""
    return scenario_ids(_scenarios(repository))


async def _run(
    settings: Settings,
    request: BenchmarkRequest,
    progress: Progress,
    repository: Path,
    telemetry: Telemetry,
) -> BenchmarkRun:
    async with AsyncExitStack() as resources:
        server = await _server(resources, settings, request) if request.mode == "live" else None
        samples = _samples(repository, telemetry)
        use_case = RunBenchmarkUseCase(
            samples,
            ResultFiles(request.dataset_dir),
            telemetry,
            progress,
            server=server,
            clock=lambda: datetime.now(UTC),
            tool_version=version("day23"),
            machine=f"{platform.machine()}, {os.cpu_count()} cores, {platform.node()}",
            environment=host_facts,
        )
        if not request.judge_repeats:
            return await use_case.execute(request)
        judge = await judge_of_run(resources, settings, request, samples, telemetry, progress)
        await judge.try_out(request)
        return await judge.execute(request, _unjudged(request) or await use_case.execute(request))


def _unjudged(request: BenchmarkRequest) -> BenchmarkRun | None:
    """Return the run to go on with where everything was asked, and not everything judged."""
    if not request.resume or interrupted(request):
        return None
    return unjudged_run(request.dataset_dir, request.scenario.scenario_id)


async def _server(resources: AsyncExitStack, settings: Settings, request: BenchmarkRequest) -> LiveServer:
    key = llm_key(settings)
    client = OpenAIChatModel(
        llm_url(settings),
        llm_model(settings),
        timeout_seconds=ANSWER_WITHIN_SECONDS,
        max_concurrency=request.load.max_concurrency,
        key=key,
    )
    model = await resources.enter_async_context(client)
    endpoint = Endpoint(client.origin, client.model, ANSWER_WITHIN_SECONDS, key)
    crew = await enlisted(resources, request, endpoint)
    return LiveServer(
        beside=await _beside(resources, settings, request, request.beside) if request.beside else None,
        model=model,
        describe=partial(read_server_facts, client.origin, client.model, key),
        calibrate=partial(calibrate_crew, crew) if crew else calibrate,
        journal=journal(request),
        crew=crew,
    )


async def _beside(
    resources: AsyncExitStack, settings: Settings, request: BenchmarkRequest, url: str
) -> ServerBeside:
    if urlsplit(url).username is not None:
        what = "the address of the server beside holds a password"
        raise UsageError(what, next_step="leave it out of --beside, and set BESIDE_API_KEY")
    key = beside_key(settings, url)
    client = OpenAIChatModel(
        url,
        request.beside_model or llm_model(settings),
        timeout_seconds=ANSWER_WITHIN_SECONDS,
        max_concurrency=request.load.max_concurrency,
        key=key,
    )
    model = await resources.enter_async_context(client)
    return ServerBeside(client.origin, model, partial(read_server_facts, client.origin, client.model, key))


def journal(request: BenchmarkRequest) -> JournalFile:
    """Return where the finished samples of a run under way are kept."""
    results = request.dataset_dir / "results" / request.scenario.scenario_id
    return JournalFile(results / f"{request.mode}.partial.jsonl")


def _samples(repository: Path, telemetry: Telemetry) -> BenchmarkSamples:
    store = export_files(repository)
    return BenchmarkSamples(VerifyExportersUseCase(store, telemetry), store)


def _scenarios(repository: Path) -> Path:
    return repository / "config" / "scenarios"
