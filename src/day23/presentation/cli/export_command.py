"""`export_digests` and `export_review_reports`: one collection to one checksummed JSONL file."""

from typing import Any

import click
from rich.console import Console

from day23.application.export_dataset import ExportSummary
from day23.application.ports import Collection, Progress
from day23.domain.export_manifest import ExportedFile
from day23.presentation.cli.export_options import ExportFlags, export_options
from day23.presentation.progress_view import SilentView, TerminalProgress, progress_view
from day23.wiring.exports import export_tools

_NOUNS = {Collection.DIGESTS: "digest samples", Collection.REVIEW_REPORTS: "review reports"}


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
    if flags.as_json:
        summary = _run(collection, flags, TerminalProgress(SilentView(), "export"))
        click.echo(summary.model_dump_json(by_alias=True, indent=2))
        return
    with progress_view(Console(stderr=True)) as view:
        summary = _run(collection, flags, TerminalProgress(view, "export"))
    for entry in summary.files:
        click.echo(_told(entry, collection, summary))


def _run(collection: Collection, flags: ExportFlags, progress: Progress) -> ExportSummary:
    settings = flags.settings()
    with export_tools(settings, progress) as tools:
        return tools.export.execute(flags.request(collection, settings.benchmark_dataset_dir))


def _told(entry: ExportedFile, collection: Collection, summary: ExportSummary) -> str:
    provenance = ", ".join(f"{count} {name}" for name, count in entry.provenance.items())
    return (
        f"Exported {entry.documents} {_NOUNS[collection]} to {summary.folder / entry.name}\n"
        f"  {provenance}; {entry.bytes} bytes; sha256 {entry.sha256}\n"
        f"  manifest {summary.manifest}"
    )
