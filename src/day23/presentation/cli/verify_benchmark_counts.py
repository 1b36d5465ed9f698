"""`verify_benchmark_counts`: prove that the stored dataset is complete."""

from pathlib import Path

import click
from rich.console import Console

from day23.application.verify_dataset import VerifyRequest
from day23.presentation.cli.dataset_options import (
    AS_JSON,
    CHANNELS,
    DATASET_DIR,
    MINIMUM,
    MONGODB_URL,
    STACK_ROOT,
    TRACE_ID,
    channel_list,
    options,
    settings_with,
)
from day23.presentation.dataset_tables import audit_table
from day23.wiring.dataset import verify_dataset


@click.command()
@options(
    CHANNELS,
    click.option(
        "--days",
        type=click.IntRange(min=1),
        help="Only the last days of the recorded window. Default: all of it.",
    ),
    MINIMUM,
    click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The report. Default: snapshots/<UTC date>/dataset_audit.json in the dataset folder.",
    ),
    DATASET_DIR,
    MONGODB_URL,
    AS_JSON,
    TRACE_ID,
    STACK_ROOT,
)
def verify_benchmark_counts(
    channels: str | None,
    days: int | None,
    minimum: int,
    output: Path | None,
    dataset_dir: Path | None,
    mongodb_url: str | None,
    as_json: bool,
    trace_id: str | None,
    stack_root: Path | None,
) -> None:
    """Count distinct days and check every field of the stored dataset, twice; exit 1 when it falls short."""
    settings = settings_with(
        stack_root=stack_root, trace_id=trace_id, dataset_dir=dataset_dir, mongodb_url=mongodb_url
    )
    report = str(output.absolute()) if output else None
    summary = verify_dataset(settings, VerifyRequest(channel_list(channels), days, minimum, report))
    if as_json:
        click.echo(summary.audit.model_dump_json(indent=2))
    else:
        Console().print(audit_table(summary.audit))
        audit = summary.audit
        click.echo(f"Content: {audit.documents} documents, XOR of SHA-256 {audit.content_sha256_xor}")
        click.echo(f"Dataset audit written to {summary.report}")
    summary.raise_failures()
