"""One export as a command shows it."""

import click
from rich.console import Console

from day23.application.export_dataset import ExportRequest, ExportSummary
from day23.application.ports import Collection, Progress
from day23.domain.export_manifest import ExportedFile
from day23.presentation.progress_view import SilentView, TerminalProgress, progress_view
from day23.settings import Settings
from day23.wiring.exports import export_tools

_NOUNS = {Collection.DIGESTS.value: "digest samples", Collection.REVIEW_REPORTS.value: "review reports"}


def run_export(settings: Settings, request: ExportRequest, *, as_json: bool) -> None:
    """Export and print what was written: for people with a progress bar, or as JSON."""
    if as_json:
        summary = _run(settings, request, TerminalProgress(SilentView(), "export"))
        click.echo(summary.model_dump_json(by_alias=True, indent=2))
        return
    with progress_view(Console(stderr=True)) as view:
        summary = _run(settings, request, TerminalProgress(view, "export"))
    for entry in summary.files:
        click.echo(_told(entry, summary))


def _run(settings: Settings, request: ExportRequest, progress: Progress) -> ExportSummary:
    with export_tools(settings, progress) as tools:
        return tools.export.execute(request)


def _told(entry: ExportedFile, summary: ExportSummary) -> str:
    provenance = ", ".join(f"{count} {name}" for name, count in entry.provenance.items())
    return (
        f"Exported {entry.documents} {_NOUNS[entry.exporter]} to {summary.folder / entry.name}\n"
        f"  {provenance}; {entry.bytes} bytes; sha256 {entry.sha256}\n"
        f"  manifest {summary.manifest}"
    )
