"""`seed_benchmark_data`: one digest and one review report per channel and day."""

from contextlib import ExitStack
from pathlib import Path

import click
from pydantic import TypeAdapter
from rich.console import Console

from day23.application.dataset_ports import WEB
from day23.application.forecast_seed import ChannelForecast
from day23.application.seed_summary import SeedSummary
from day23.presentation.cli.dataset_options import (
    AS_JSON,
    CHANNELS,
    DATASET_DIR,
    DAYS,
    MINIMUM,
    MONGODB_URL,
    STACK_ROOT,
    TRACE_ID,
    channel_folders,
    channel_list,
    options,
    settings_with,
)
from day23.presentation.dataset_tables import seed_table
from day23.presentation.progress_view import SilentView, TerminalProgress, progress_view
from day23.wiring.dataset import forecast_dataset, seed_dataset, seed_request
from day23.wiring.post_source import ExportSource, WebSource, web_source, zone_named


@click.command()
@options(
    CHANNELS,
    DAYS,
    MINIMUM,
    click.option(
        "--source",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of Telegram Desktop exports: <source>/<channel>/result*.json; or web, which reads "
        "public preview pages over the network. Without it a synthetic set is made.",
    ),
    click.option("--zone", help="Time zone of exports that state none (before 2022). Default: UTC."),
    click.option(
        "--until",
        metavar="WHEN",
        help="Last day of the window: YYYY-MM-DD, now, or auto for the day of the last post. Default: now.",
    ),
    click.option("--skip-bad", is_flag=True, help="Leave out files that cannot be used, and count them."),
    click.option(
        "--channels-map", metavar="NAME=FOLDER,...", help="Where a folder is not named as its channel."
    ),
    click.option(
        "--judge-votes",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Have the LLM API judge each digest so many times, too (at least 3).",
    ),
    click.option("--dry-run", is_flag=True, help="Read everything, store nothing, say what would be."),
    DATASET_DIR,
    MONGODB_URL,
    AS_JSON,
    TRACE_ID,
    STACK_ROOT,
)
def seed_benchmark_data(
    channels: str | None,
    days: int,
    minimum: int,
    source: Path | None,
    zone: str | None,
    until: str | None,
    skip_bad: bool,
    channels_map: str | None,
    judge_votes: int,
    dry_run: bool,
    dataset_dir: Path | None,
    mongodb_url: str | None,
    as_json: bool,
    trace_id: str | None,
    stack_root: Path | None,
) -> None:
    """Seed MongoDB with one digest and one review report per channel and day.

    Digests are made by the LLM API. What is stored already is left alone, so running this again, or after
    it was killed, finishes the job.
    """
    settings = settings_with(
        stack_root=stack_root, trace_id=trace_id, dataset_dir=dataset_dir, mongodb_url=mongodb_url
    )
    request = seed_request(settings, channel_list(channels), days, until, judge_votes)
    if source and str(source) == WEB:
        posts: ExportSource | WebSource = web_source(settings, channel_list(channels))
    else:
        posts = ExportSource(source, channel_folders(channels_map), skip_bad, zone_named(zone))
    if dry_run:
        _foretell(forecast_dataset(settings, request, posts), as_json=as_json)
        return
    with ExitStack() as stack:
        view = SilentView() if as_json else stack.enter_context(progress_view(Console(stderr=True)))
        summary = seed_dataset(settings, request, posts, minimum, TerminalProgress(view, "seed"))
    _tell(summary, as_json=as_json)
    summary.raise_rejections()


def _foretell(forecast: tuple[ChannelForecast, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(TypeAdapter(tuple[ChannelForecast, ...]).dump_json(forecast, indent=2).decode())
        return
    for channel in forecast:
        click.echo(
            f"{channel.channel}: {channel.digests} digests ({channel.replaced} in place of synthetic ones) "
            f"and {channel.review_reports} review reports would be stored, of {channel.posts} posts; "
            f"{channel.synthetic_days} days have none"
        )


def _tell(summary: SeedSummary, *, as_json: bool) -> None:
    if as_json:
        click.echo(summary.model_dump_json(indent=2))
        return
    Console().print(seed_table(summary))
    for skipped in summary.skipped_files:
        click.echo(f"left out: {skipped['path']}: {skipped['reason']}")
    for note in summary.notes:
        click.echo(f"note: {note}")
    click.echo(f"Benchmark snapshot written to {summary.snapshot} ({summary.duration_seconds:.1f} s)")
