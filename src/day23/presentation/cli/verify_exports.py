"""`verify_exports`: accept exports that are complete, and nothing else."""

from pathlib import Path

import click

from day23.application.null_telemetry import NullTelemetry
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.export_manifest import ExportedFile
from day23.wiring.exports import export_files


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the accepted files as JSON lines.")
def verify_exports(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check export folders or single data files against their manifests and the committed schemas.

    Exit code 0 means: every file is there, every byte is as its manifest says, every record keeps its
    schema, and the schema is the committed one. A changed schema is shown as a diff.
    """
    verify = VerifyExportersUseCase(export_files(), NullTelemetry())
    for path in paths:
        for entry in _accepted(verify, path):
            click.echo(entry.model_dump_json(by_alias=True) if as_json else _told(path, entry))


def _accepted(verify: VerifyExportersUseCase, path: Path) -> tuple[ExportedFile, ...]:
    if path.is_dir():
        return verify.folder(path, expected=()).files
    return (verify.file(path),)


def _told(path: Path, entry: ExportedFile) -> str:
    return f"accepted {path}: {entry.name}, {entry.documents} documents, sha256 {entry.sha256}"
