"""`write_schemas`: the committed JSON Schemas, made from the models."""

from pathlib import Path

import click

from day23.domain.errors import ToolkitError
from day23.wiring.schemas import differing_schemas, write_schemas_to


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("config/schemas"),
    show_default=True,
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a schema differs from its model.")
def write_schemas(folder: Path, check: bool) -> None:
    """Write the JSON Schemas of documents and artefacts."""
    differing = differing_schemas(folder)
    if check and differing:
        raise ToolkitError(
            f"{len(differing)} schemas differ from their models: {', '.join(differing)}",
            where=str(folder),
            next_step="run write_schemas.py without --check and review the difference",
        )
    if not check:
        write_schemas_to(folder, differing)
    for name in differing:
        click.echo(f"written: {folder / name}")
    if not differing:
        click.echo(f"{folder}: nothing differs")
