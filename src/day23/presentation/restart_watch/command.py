"""Command line of the watcher."""

from pathlib import Path

import click

from day23.presentation.interruption import interruption
from day23.wiring.restart_watch import watch


@click.command()
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restart_watch(plan: Path) -> None:
    """Poll the services, write canary lines and documents as PLAN says, until told to end."""
    with interruption() as interrupted:
        watch(plan, interrupted)
