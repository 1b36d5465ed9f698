"""`digest_quality`: marks of the embedded digest beside plain LexRank and the first three sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

import click
import yaml
from rich.console import Console
from rich.table import Table

from day23.application.dataset_window import AUTO
from day23.application.seed_material import gather_material
from day23.domain.channel import handle
from day23.domain.digest_marks import DigestMarks, LabelledDay, mark, mean_marks
from day23.domain.errors import UsageError
from day23.domain.plain_summaries import lead, lexrank_plain
from day23.domain.quality import NOTHING, measure
from day23.domain.summarisation import summarise
from day23.wiring.post_source import ExportSource

LABELLED = Path("tests/unit/domain/labelled_days.yml")
DAYS = 30
AXES = tuple(NOTHING.as_dict())

Summary = Callable[[Sequence[str]], str]
WRITERS: Mapping[str, Summary] = {"day23": summarise, "LexRank, plain": lexrank_plain, "lead-3": lead}

Row = tuple[str, ...]


@click.command()
@click.option(
    "--labelled", type=click.Path(dir_okay=False, path_type=Path), default=LABELLED, show_default=True
)
@click.option(
    "--source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of Telegram exports: measures the last 30 days of each channel, too.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the tables as Markdown."
)
def digest_quality(labelled: Path, source: Path | None, output: Path | None) -> None:
    """Print how digests of labelled days, and of real channels, fare."""
    days = read_labelled_days(labelled)
    title = f"Labelled days (n = {len(days)}), means"
    tables = [(title, ("writer", *DigestMarks.model_fields), list(_marks(days)))]
    if source:
        title = f"Last {DAYS} days of each channel, means"
        tables.append((title, ("channel", "days", "writer", *AXES), list(_scores(source))))
    for title, columns, rows in tables:
        Console().print(_table(title, columns, rows))
    if output:
        output.write_text("\n".join(_markdown(*table) for table in tables), encoding="utf-8")


def read_labelled_days(path: Path) -> tuple[LabelledDay, ...]:
    """Return the labelled days of a YAML file.

    Raises:
        UsageError: There is no such file.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"cannot read the labelled days: {error.strerror}", where=str(path), next_step="use --labelled"
        ) from None
    return tuple(LabelledDay.model_validate(day) for day in content)


def _marks(days: Sequence[LabelledDay]) -> Iterator[Row]:
    for name, write in WRITERS.items():
        marks = mean_marks([mark(day, write(day.posts)) for day in days])
        yield (name, *(f"{value:.3f}" for value in marks.model_dump().values()))


def _scores(source: Path) -> Iterator[Row]:
    material = gather_material(ExportSource(source).posts(), None, AUTO, DAYS, datetime.now(UTC))
    for channel in material.channels:
        days = [[post.text for post in channel.posts.posts_of(day)] for day in channel.posts.days]
        for name, write in WRITERS.items():
            scores = [measure(posts, write(posts)).as_dict() for posts in days]
            means = (fmean(score[axis] for score in scores) for axis in AXES if scores)
            yield (handle(channel.channel), str(len(days)), name, *(f"{value:.3f}" for value in means))


def _table(title: str, columns: Row, rows: Sequence[Row]) -> Table:
    table = Table(title=title)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    return table


def _markdown(title: str, columns: Row, rows: Sequence[Row]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return f"## {title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
