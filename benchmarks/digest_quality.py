"""Measure the embedded digest beside plain LexRank and the first sentences: labelled days, real channels."""

import json
from pathlib import Path
from typing import Any

import click
from figures_page import write_part

from day23.domain.digest_marks import DigestMarks
from day23.domain.scenario import QUALITY_METRICS
from day23.presentation.cli.command import run_command
from day23.presentation.cli.digest_quality import (
    LABELLED,
    WrittenDays,
    marks_of_labelled,
    quality_on_channels,
    read_labelled_days,
)

RESULT = Path(__file__).parent / "results" / "digest_quality.json"


@click.command()
@click.option(
    "--labelled", type=click.Path(dir_okay=False, path_type=Path), default=LABELLED, show_default=True
)
@click.option(
    "--source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of Telegram exports: measures the last 30 days of each channel, too, and writes the result.",
)
def main(labelled: Path, source: Path | None) -> None:
    """Print how digests fare; with --source, write the committed result and its page."""
    days = read_labelled_days(labelled)
    result: dict[str, Any] = {
        "labelled_days": len(days),
        "labelled": {writer: marks.model_dump() for writer, marks in marks_of_labelled(days).items()},
        "channels": [_row(one) for one in quality_on_channels(source)] if source else [],
    }
    if source:
        RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        write_part("digests", page(result))
    click.echo(page(result))


def page(result: dict[str, Any]) -> str:
    """Return the result as Markdown."""
    marks = tuple(DigestMarks.model_fields)
    labelled = [
        (writer, *(f"{row[name]:.3f}" for name in marks)) for writer, row in result["labelled"].items()
    ]
    heads = ("channel", "written by", *QUALITY_METRICS, "drops a topic", "another fault")
    return "\n".join(
        (
            f"Labelled days, n = {result['labelled_days']}, means:",
            "",
            *_table(("written by", *marks), labelled),
            "",
            "Real channels, mean [95 % interval, Student's t; bootstrap from 200 days]:",
            "",
            *_table(heads, [_cells(row) for row in result["channels"]]),
        )
    )


def _row(one: WrittenDays) -> dict[str, Any]:
    means = {
        name: found.model_dump(exclude={"interval": {"method", "confidence"}})
        for name, found in one.scores.items()
    }
    return {
        "channel": one.channel,
        "writer": one.writer,
        "days": one.days,
        **means,
        "dropping": one.dropping,
        "faulty": one.faulty,
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    scores = (_score(row[name]) for name in QUALITY_METRICS)
    faults = (f"{row[name]} of {row['days']}" for name in ("dropping", "faulty"))
    return (row["channel"], row["writer"], *scores, *faults)


def _score(found: dict[str, Any]) -> str:
    ends = found["interval"]
    return f"{found['mean']:.3f}" + (f" [{ends['low']:.3f}, {min(1, ends['high']):.3f}]" if ends else "")


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


if __name__ == "__main__":
    run_command(main)
