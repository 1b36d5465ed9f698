"""One seed as a command shows it."""

from contextlib import ExitStack
from pathlib import Path

import click
from pydantic import TypeAdapter
from rich.console import Console

from day23.application.dataset_ports import WEB
from day23.application.forecast_seed import ChannelForecast
from day23.application.seed_benchmark_data import SeedRequest
from day23.application.seed_summary import SeedSummary
from day23.presentation.cli.dataset_options import channel_folders, channel_list
from day23.presentation.dataset_tables import seed_table
from day23.presentation.progress_view import SilentView, TerminalProgress, progress_view
from day23.settings import Settings
from day23.wiring.dataset import forecast_dataset, seed_dataset, seed_request
from day23.wiring.post_source import ExportSource, WebSource, web_source, zone_named


def request_of(
    settings: Settings, channels: str | None, days: int, until: str | None, judge_votes: int
) -> SeedRequest:
    """Return the request that the flags ask for."""
    return seed_request(settings, channel_list(channels), days, until, judge_votes)


def posts_from(
    settings: Settings,
    source: Path | None,
    channels: str | None,
    channels_map: str | None,
    zone: str | None,
    *,
    skip_bad: bool,
) -> ExportSource | WebSource:
    """Return where the posts come from: a folder, public previews, or nowhere."""
    if source and str(source) == WEB:
        return web_source(settings, channel_list(channels))
    return ExportSource(source, channel_folders(channels_map), skip_bad, zone_named(zone))


def run_seed(
    settings: Settings, request: SeedRequest, source: ExportSource | WebSource, minimum: int, *, as_json: bool
) -> None:
    """Seed and print what was stored; rejected documents are an error in the end."""
    with ExitStack() as stack:
        view = SilentView() if as_json else stack.enter_context(progress_view(Console(stderr=True)))
        summary = seed_dataset(settings, request, source, minimum, TerminalProgress(view, "seed"))
    _tell(summary, as_json=as_json)
    summary.raise_rejections()


def foretell(
    settings: Settings, request: SeedRequest, source: ExportSource | WebSource, *, as_json: bool
) -> None:
    """Print what a seed would store."""
    forecast = forecast_dataset(settings, request, source)
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
