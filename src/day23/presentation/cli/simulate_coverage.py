"""`simulate_coverage`: show how often the toolkit's intervals hold the truth."""

import click
from rich.console import Console
from rich.table import Table

from day23.domain.exit_codes import ExitCode
from day23.domain.statistics.coverage import REQUIRED, simulate


@click.command()
@click.option("--trials", type=click.IntRange(100), default=4000, show_default=True)
@click.option("--seed", type=int, default=23, show_default=True)
def simulate_coverage(trials: int, seed: int) -> ExitCode:
    """Simulate every interval; leaves with 1 when one holds the truth too rarely to be shown."""
    table = Table("interval of", "samples", "held", "trials")
    found = list(simulate(trials, seed))
    for one in found:
        table.add_row(one.figure, str(one.values), f"{one.held:.2%}", str(one.trials))
    Console().print(table)
    return ExitCode.DONE if all(one.held >= REQUIRED for one in found) else ExitCode.ERROR
