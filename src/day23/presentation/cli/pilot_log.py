"""`pilot_log`: the log of a Stage 05_03 pilot, written from the runs that really were."""

import random
from collections.abc import Iterator
from pathlib import Path

import click

from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.errors import ToolkitError
from day23.presentation.benchmark_figures import shown_interval
from day23.settings import Settings
from day23.wiring import benchmark

LOG = Path("docs/specs/epic_23/stage_05_03_pilot_log.md")
READ_BY_HAND = 5


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=LOG, show_default=True)
def pilot_log(output: Path) -> None:
    """Write the log from the newest dry and live run of each scenario; approvals are left to people."""
    folder = Settings().benchmark_dataset_dir
    lines = ["# Stage 05_03 pilot log", "", "Written by `make stage-05-03` from the stored runs named below."]
    for scenario in benchmark.scenarios():
        dry = benchmark.newest_run(folder, scenario, "dry")
        live = benchmark.newest_run(folder, scenario, "live")
        lines += _scenario(dry, live)
    lines += ["", "## Approvals", "", "| role | name | date | decision |", "|---|---|---|---|"]
    lines += [f"| {role} | | | |" for role in ("ML engineer", "ML lead", "Operations owner")]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    click.echo(f"{output}: read the five samples of each scenario, then sign")


def _scenario(dry: BenchmarkResult, live: BenchmarkResult) -> Iterator[str]:
    if dry.metadata.dataset.sha256 != live.metadata.dataset.sha256:
        step = "make stage-05-03 runs both on the same export"
        raise ToolkitError(f"{dry.scenario_id}: both runs judged different data", next_step=step)
    yield from ("", f"## {live.scenario_id}: dry {dry.overall.value}, live {live.overall.value}", "")
    yield from _metadata(live)
    yield from ("", "| metric | dry run | live | 95 % interval | pass | warn | status |", f"|{'---|' * 7}")
    for stored, asked in zip(dry.metrics, live.metrics, strict=False):
        yield (
            f"| {asked.name} | {stored.value:.3f} | {asked.value:.3f} | {shown_interval(asked.interval)} "
            f"| {asked.passes:g} | {asked.warns:g} | {asked.outcome.value} |"
        )
    yield from ("", "Read by hand, chosen by the live run's trace id:", "")
    yield from ("| sample | channel | reader | sound? |", "|---|---|---|---|")
    # Not for secrets: a choice that anyone can repeat.
    source = random.Random(live.metadata.trace_id)  # noqa: S311  # nosec B311
    for sample in source.sample(live.samples, min(READ_BY_HAND, len(live.samples))):
        yield f"| {sample.sample_id} | {sample.channel} | | |"


def _metadata(live: BenchmarkResult) -> Iterator[str]:
    metadata = live.metadata
    yield f"- live run {metadata.trace_id}, {metadata.started_at:%Y-%m-%d %H:%M:%S} UTC, {metadata.machine}"
    yield f"- {metadata.asked_count} of {metadata.sample_count} samples, {metadata.failed_count} failed"
    yield f"- model {metadata.model_name}; prompts {metadata.prompt_version}; judge {metadata.judge_model}"
    yield f"- dataset SHA-256 {metadata.dataset.sha256}"
    yield from (f"- void: {reason}" for reason in metadata.void_reasons)
