"""`summary_faults`: how many spoiled summaries the measures catch, and how many sound ones they let pass."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from day23.domain.digest_marks import LabelledDay
from day23.domain.exit_codes import ExitCode
from day23.domain.summary_faults import Fault, faults, spoil
from day23.presentation.cli.digest_quality import LABELLED, read_labelled_days

REQUIRED = 0.9


@click.command()
@click.option(
    "--labelled", type=click.Path(dir_okay=False, path_type=Path), default=LABELLED, show_default=True
)
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, help="Spoilings of each day.")
def summary_faults(labelled: Path, seeds: int) -> ExitCode:
    """Spoil the reference digests of labelled days; leaves with 1 when a measure misses too much."""
    rates = found_rates(read_labelled_days(labelled), seeds)
    table = Table("summaries", "as they should be", "of", "share")
    for name, (good, count) in rates.items():
        table.add_row(name, str(good), str(count), f"{good / count:.1%}")
    Console().print(table)
    return (
        ExitCode.DONE if all(good >= REQUIRED * count for good, count in rates.values()) else ExitCode.ERROR
    )


def found_rates(days: Sequence[LabelledDay], seeds: int) -> dict[str, tuple[int, int]]:
    """Return how many summaries were judged rightly, of how many: sound ones, then each fault."""
    rates = {"sound, passed": (sum(not faults(day.posts, day.reference) for day in days), len(days))}
    for fault in Fault:
        caught = [
            fault in faults(day.posts, spoil(day.posts, day.reference, fault, seed))
            for day in days
            for seed in range(seeds)
        ]
        rates[f"{fault.value}, caught"] = (sum(caught), len(caught))
    return rates
