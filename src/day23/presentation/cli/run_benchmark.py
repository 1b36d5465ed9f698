"""`run_benchmark`: judge a dataset by a scenario; the exit code is the verdict."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from day23.application.ports import Progress
from day23.application.run_benchmark import BenchmarkRequest, BenchmarkRun
from day23.domain.exit_codes import ExitCode
from day23.domain.load_schedule import SEED, Arrival
from day23.domain.pair_judgement import FEWEST_REPEATS
from day23.domain.verdict import exit_code
from day23.presentation.benchmark_bundle import write_bundle
from day23.presentation.benchmark_comparison import baseline_lines
from day23.presentation.benchmark_table import benchmark_table
from day23.presentation.progress_view import SilentView, TerminalProgress, progress_view
from day23.settings import Settings
from day23.wiring import benchmark


@dataclass(frozen=True, slots=True)
class BenchmarkFlags:
    """The flags as typed; None where a flag was left out."""

    scenario: str
    dataset: Path | None
    output: Path | None
    max_concurrency: int | None
    rate: float | None
    arrival: Arrival
    seed: int
    workers: int | None
    scheduler: str | None
    warm_up: int
    resume: bool
    limit: int
    shuffle: bool
    fail_on_warn: bool
    dry_run: bool
    as_json: bool
    baseline: str | None
    beside: str | None
    beside_model: str | None
    judge: str | None
    judge_repeats: int
    stack_root: Path | None
    trace_id: str | None

    def settings(self) -> Settings:
        """Return the environment's settings with the flags above them."""
        given: dict[str, Any] = {"stack_root": self.stack_root, "trace_id": self.trace_id}
        return Settings(**{name: value for name, value in given.items() if value is not None})

    def request(self, settings: Settings) -> BenchmarkRequest:
        """Return what to run."""
        return BenchmarkRequest(
            scenario=benchmark.scenario(self.scenario),
            mode="dry" if self.dry_run else "live",
            dataset_dir=settings.benchmark_dataset_dir,
            dataset=self.dataset,
            limit=self.limit or None,
            load=benchmark.load(settings, self.rate, self.arrival, self.seed, self.max_concurrency),
            warm_up=self.warm_up,
            shuffled=self.shuffle,
            resume=self.resume,
            output=self.output,
            judge_repeats=self.judge_repeats if self.judge else 0,
            beside=self.beside,
            beside_model=self.beside_model,
            workers=self.workers,
            scheduler=self.scheduler,
        )


@click.command()
@click.option("--scenario", required=True, type=click.Choice(benchmark.scenarios()))
@click.option(
    "--dataset",
    type=click.Path(dir_okay=False, path_type=Path),
    help="An exported JSONL file with its manifest. "
    "Default: latest.jsonl of the scenario's dataset below BENCHMARK_DATASET_DIR.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Also write the result as JSON here."
)
@click.option(
    "--max-concurrency",
    type=click.IntRange(1, 256),
    help="Requests in flight at once. Default: BENCHMARK_MAX_CONCURRENCY, else 4; with --rate 256.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0, 10_000, min_open=True),
    help="Send by the clock, so many requests per second, however slow the answers.",
)
@click.option(
    "--arrival",
    type=click.Choice(["constant", "poisson"]),
    default="constant",
    show_default=True,
    help="Gaps between requests with --rate.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of Poisson gaps and of --shuffle.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Client processes that the load is dealt to. Default: this one; with --scheduler all it has.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Ask from the workers of this Dask scheduler: tcp://host:8786."
)
@click.option(
    "--warm-up",
    type=click.IntRange(0, 1000),
    default=3,
    show_default=True,
    help="Requests that do not count.",
)
@click.option("--resume", is_flag=True, help="Go on with the live run that was interrupted.")
@click.option("--shuffle", is_flag=True, help="With --limit: samples chosen at random, by --seed.")
@click.option("--limit", type=click.IntRange(min=0), default=0, help="Newest samples only; 0 takes all.")
@click.option("--fail-on-warn", is_flag=True, help="Leave with 3 when the verdict is warn.")
@click.option("--dry-run", is_flag=True, help="Judge the stored values; ask no model.")
@click.option("--baseline", metavar="FILE|last", help="Say what changed since that run of the same kind.")
@click.option("--beside", metavar="URL", help="Ask that server in turns with this one, and compare them.")
@click.option("--beside-model", metavar="NAME", help="With --beside: its model. Default: the same name.")
@click.option("--judge", type=click.Choice(["llm"]), help="Have a model compare answers with recorded ones.")
@click.option(
    "--judge-repeats",
    type=click.IntRange(FEWEST_REPEATS),
    default=FEWEST_REPEATS,
    show_default=True,
    help="With --judge: votes on each pair, in each order.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--stack-root", type=click.Path(path_type=Path), help="Default: DAY23_STACK_ROOT, else .day23.")
@click.option("--trace-id", metavar="HEX", help="32 hex digits that join this run with others.")
def run_benchmark(**values: Any) -> ExitCode:
    """Judge digests or review summaries against the thresholds of a scenario.

    The measured server is LLM_URL with LLM_MODEL and LLM_API_KEY, else that of the stack; the judge is
    JUDGE_URL with JUDGE_MODEL and JUDGE_API_KEY, else the same server; --beside takes BESIDE_API_KEY.

    Leaves with 0 pass or warn, 2 fail, 3 warn with --fail-on-warn, 4 void or undecided, 1 error, 64 usage, 75
    when another run measures, 130 Ctrl-C.
    """
    flags = BenchmarkFlags(**values)
    settings = flags.settings()
    compare = benchmark.baseline(flags.request(settings), flags.baseline) if flags.baseline else None
    run = _kept_when_interrupted(settings, flags)
    comparison = compare(run.result) if compare else None
    bundle = write_bundle(run, comparison)
    if flags.as_json:
        click.echo(run.result.model_dump_json(by_alias=True, indent=2))
    else:
        benchmark_table(Console(), run, bundle)
    if comparison:
        baseline_lines(Console(stderr=flags.as_json), comparison)
    if run.interrupted:
        return ExitCode.INTERRUPTED
    return exit_code(run.result.overall, fail_on_warn=flags.fail_on_warn)


def _kept_when_interrupted(settings: Settings, flags: BenchmarkFlags) -> BenchmarkRun:
    try:
        return _run(settings, flags)
    except KeyboardInterrupt:
        if journal := benchmark.interrupted(flags.request(settings)):
            kept = f"partial: {journal.answers} answers are kept in {journal.path}"
            click.echo(f"{kept}; go on with --resume", err=True)
        raise


def _run(settings: Settings, flags: BenchmarkFlags) -> BenchmarkRun:
    request = flags.request(settings)

    def benchmarked(progress: Progress) -> BenchmarkRun:
        return benchmark.run_benchmark(settings, request, progress)

    if flags.as_json:
        return benchmarked(TerminalProgress(SilentView(), "benchmark"))
    with progress_view(Console(stderr=True)) as view:
        return benchmarked(TerminalProgress(view, "benchmark"))
