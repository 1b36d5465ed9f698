"""`verify_evidence`: check a bundle of evidence against its manifest, byte by byte."""

from pathlib import Path

import click

from day23.domain.exit_codes import ExitCode
from day23.wiring.evidence import evidence_problems


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def verify_evidence(folder: Path) -> ExitCode:
    """Check every file of FOLDER against its manifest, and what the bundle rests on where that is here.

    Leaves with 0 when every byte is as recorded, else 1.
    """
    wrong, absent = evidence_problems(folder)
    for line in wrong:
        click.echo(f"refused: {line}", err=True)
    for line in absent:
        click.echo(f"not here, so not checked: {line}")
    if not wrong:
        click.echo(f"{folder}: every byte is as recorded")
    return ExitCode.ERROR if wrong else ExitCode.DONE
