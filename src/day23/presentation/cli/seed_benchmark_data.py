"""`seed_benchmark_data`: one digest and one review report per channel and day."""

from contextlib import nullcontext
from pathlib import Path

import click

from day23.presentation.cli.dataset_options import (
    AS_JSON,
    CHANNELS,
    DATASET_DIR,
    DAYS,
    MINIMUM,
    MONGODB_URL,
    STACK_ROOT,
    TRACE_ID,
    options,
    settings_with,
)
from day23.wiring.job_locks import reserved_seed


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
    with nullcontext() if dry_run else reserved_seed(settings):
        from day23.presentation.cli import seed_run  # slow: whoever comes second is told first

        chosen = seed_run.posts_from(settings, source, channels, channels_map, zone, skip_bad=skip_bad)
        request = seed_run.request_of(settings, channels, days, until, judge_votes)
        if dry_run:
            seed_run.foretell(settings, request, chosen, as_json=as_json)
        else:
            seed_run.run_seed(settings, request, chosen, minimum, as_json=as_json)
