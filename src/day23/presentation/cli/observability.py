"""`day23 observability`: write what follows from the catalogue; compare all of it with a running stack."""

from pathlib import Path

import click

from day23.domain.errors import ToolkitError
from day23.wiring.observability import differing_files, write_files

_PROJECT = click.option(
    "--project", type=click.Path(path_type=Path), default=Path(), help="The checkout; default: this folder."
)


@click.command("observability-write")
@_PROJECT
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file differs from its source.")
def write_observability(project: Path, check: bool) -> None:
    """Write the generated rules and the page of labels; for developers, after a change of the catalogue."""
    differing = differing_files(project)
    if check and differing:
        raise ToolkitError(
            f"{len(differing)} generated files differ: {', '.join(differing)}",
            where=str(project.resolve()),
            next_step="day23 observability write, and review the difference",
        )
    if not check:
        write_files(project, differing)
    for name in differing:
        click.echo(f"written: {name}")
    if not differing:
        click.echo("nothing differs")
