"""Tasks that end in verdicts: benchmark, and the whole run."""

from pathlib import Path

from invoke.context import Context
from invoke.exceptions import Exit
from rich.console import Console

from day23.application.run_benchmark import BenchmarkRun
from day23.domain.benchmark_baseline import BaselineComparison
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.exit_codes import ExitCode
from day23.domain.run_report import RunReport
from day23.domain.verdict import Outcome, exit_code, worst
from day23.presentation.benchmark_comparison import baseline_lines
from day23.presentation.benchmark_table import benchmark_table
from day23.presentation.cli.dataset_options import channel_list
from day23.presentation.invoke_tasks.dataset import SEED_HELP, absolute, seed_variables
from day23.presentation.invoke_tasks.play import Options, given, play, stack_task, whole_number
from day23.presentation.playbook_outcome import PlaybookOutcome
from day23.presentation.reports.summary import render

LAST = "last"
_EVIDENCE_HELP = "Folder that gets one folder of evidence per run (default: evidence)."
_GATE_HELP = "Leave with the verdict's exit code: 2 fail, 4 void or undecided."


@stack_task(
    scenario="Scenarios to judge, separated by commas; file names below config/scenarios (default: all).",
    mode="dry judges stored values, live asks the LLM API (default: dry, then live).",
    gate=_GATE_HELP,
    max_concurrency="Requests in flight at once.",
    rate="Send by the clock, so many requests per second.",
    arrival="Gaps with rate: constant (default) or poisson.",
    warm_up="Requests before the first that counts (default 3).",
    limit="Newest samples only (default: all).",
    workers="Client processes that the load is dealt to (default: one).",
    scheduler="Dask scheduler whose workers ask, such as tcp://host:8786.",
    seed="Of Poisson gaps.",
    baseline="Say what changed since: last, or the JSON file of an earlier run.",
    beside="URL of another server to ask in turns with this one; live runs only.",
    beside_model="With beside: the name of its model (default: the same).",
    judge="llm: have a model compare answers of live runs with recorded summaries, in both orders.",
    judge_repeats="With judge: votes on each pair, in each order (default 3).",
    dataset_dir=SEED_HELP["dataset_dir"],
    evidence_root=_EVIDENCE_HELP,
)
def benchmark(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    scenario: str = "",
    mode: str = "",
    gate: bool = False,
    max_concurrency: str = "",
    dataset_dir: str = "",
    rate: str = "",
    arrival: str = "",
    warm_up: str = "",
    limit: str = "",
    baseline: str = "",
    beside: str = "",
    beside_model: str = "",
    judge: str = "",
    judge_repeats: str = "",
    workers: str = "",
    scheduler: str = "",
    seed: str = "",
    evidence_root: str = "",
) -> None:
    """Judge digests and review summaries against their thresholds."""
    chosen = given(
        benchmark_scenarios=list(channel_list(scenario) or ()),
        benchmark_mode=mode,
        benchmark_gate=gate,
        benchmark_max_concurrency=whole_number("max-concurrency", max_concurrency),
        benchmark_rate=rate,
        benchmark_arrival=arrival,
        benchmark_warm_up=whole_number("warm-up", warm_up),
        benchmark_limit=whole_number("limit", limit),
        benchmark_workers=whole_number("workers", workers),
        benchmark_scheduler=scheduler,
        benchmark_seed=whole_number("seed", seed),
        benchmark_baseline=baseline if baseline in ("", LAST) else absolute(baseline),
        benchmark_beside=beside,
        benchmark_beside_model=beside_model,
        benchmark_judge=judge,
        benchmark_judge_repeats=whole_number("judge-repeats", judge_repeats),
        stack_dataset_dir=absolute(dataset_dir),
        stack_run_evidence_root=absolute(evidence_root),
    )
    outcome = play(
        context, "benchmark", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen)
    )
    if not json:
        show_benchmarks(Console(), outcome)


@stack_task(
    **SEED_HELP,
    gate=_GATE_HELP,
    evidence_root=_EVIDENCE_HELP,
)
def run(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    source: str = "",
    until: str = "",
    days: str = "",
    minimum: str = "",
    channels: str = "",
    channels_map: str = "",
    skip_bad: bool = False,
    dataset_dir: str = "",
    evidence_root: str = "",
    gate: bool = False,
    zone: str = "",
    judge_votes: str = "",
) -> None:
    """The main job: up, seed, verify, export, benchmark, and one page that shows it."""
    chosen = seed_variables(
        source, until, days, minimum, channels, channels_map, skip_bad, dataset_dir, zone, judge_votes
    )
    chosen |= given(stack_run_evidence_root=absolute(evidence_root))
    outcome = play(
        context, "day23", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen)
    )
    if not json:
        show_run(outcome)
    if gate and (code := verdict_exit_code(outcome)) != ExitCode.DONE:
        raise Exit(code=int(code))


def show_benchmarks(console: Console, outcome: PlaybookOutcome) -> None:
    """Print every run that was judged, as the script prints its own."""
    for returned in outcome.results.get("benchmark", []):
        result = BenchmarkResult.model_validate(returned["summary"] | {"samples": ()})
        run = BenchmarkRun(result, Path(returned["result"]), Path())
        benchmark_table(console, run, Path(returned["bundle"]))
        if found := returned["comparison"]:
            baseline_lines(console, BaselineComparison.model_validate(found))


def verdict_exit_code(outcome: PlaybookOutcome) -> ExitCode:
    """Return what the worst verdict of the run means for the process; no verdict at all is void."""
    verdicts = [Outcome(result["outcome"]) for result in outcome.results.get("benchmark", [])]
    return exit_code(worst(verdicts)) if verdicts else ExitCode.VOID


def show_run(outcome: PlaybookOutcome) -> None:
    """Print the run on one screen, in colour where there is a terminal and the run's record is at hand."""
    console, record = Console(), Path(outcome.returned("report", "data") or "")
    if console.is_terminal and record.is_file():
        console.print(render(RunReport.model_validate_json(record.read_bytes())))
        console.print(f"\nEvidence: {outcome.returned('report', 'page')}", highlight=False, soft_wrap=True)
    else:
        print("\n".join(outcome.returned("report", "lines") or []))
