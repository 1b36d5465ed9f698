"""`export_digests` and `export_review_reports`: one collection to one checksummed JSONL file."""

from typing import Any

import click

from day23.application.ports import Collection
from day23.presentation.cli.export_options import ExportFlags, export_options
from day23.wiring.job_locks import reserved_export


@click.command()
@export_options
def export_digests(**flags: Any) -> None:
    """Export the digests of the recorded window as validated, checksummed JSONL."""
    _export(Collection.DIGESTS, ExportFlags(**flags))


@click.command()
@export_options
def export_review_reports(**flags: Any) -> None:
    """Export the review reports of the recorded window as validated, checksummed JSONL."""
    _export(Collection.REVIEW_REPORTS, ExportFlags(**flags))


def _export(collection: Collection, flags: ExportFlags) -> None:
    settings = flags.settings()
    request = flags.request(collection, settings.benchmark_dataset_dir)
    with reserved_export(request.target):
        from day23.presentation.cli.export_run import run_export  # slow: whoever comes second is told first

        run_export(settings, request, as_json=flags.as_json)
