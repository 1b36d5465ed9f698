"""Marks and scores of the embedded digest beside plain LexRank and the first three sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from day23.application.dataset_window import AUTO
from day23.application.seed_material import gather_material
from day23.domain.channel import handle
from day23.domain.digest_marks import DigestMarks, LabelledDay, mark, mean_marks
from day23.domain.errors import UsageError
from day23.domain.plain_summaries import lead, lexrank_plain
from day23.domain.quality import measure
from day23.domain.scenario import QUALITY_METRICS
from day23.domain.statistics.average import Average, average
from day23.domain.summarisation import summarise
from day23.domain.summary_faults import Fault, faults
from day23.wiring.post_source import ExportSource

LABELLED = Path("tests/unit/domain/labelled_days.yml")
DAYS = 30
EVERY_CHANNEL = "all"

Posts = Sequence[str]
Summary = Callable[[Posts], str]
WRITERS: Mapping[str, Summary] = {"day23": summarise, "LexRank, plain": lexrank_plain, "lead-3": lead}


@dataclass(frozen=True, slots=True)
class WrittenDays:
    """One writer's digests of one channel's days.

    Attributes:
        scores: Mean of each quality metric over the days.
        dropping: Digests that drop a topic (`domain.summary_faults`): on a busy day nearly all must.
        faulty: Digests with any other fault.
    """

    channel: str
    writer: str
    days: int
    scores: Mapping[str, Average]
    dropping: int
    faulty: int


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


def marks_of_labelled(days: Sequence[LabelledDay]) -> dict[str, DigestMarks]:
    """Return each writer's mean marks on labelled days."""
    return {
        name: mean_marks([mark(day, write(day.posts)) for day in days]) for name, write in WRITERS.items()
    }


def quality_on_channels(source: Path) -> Iterator[WrittenDays]:
    """Yield each writer's scores on the last days of every channel of a folder of exports, then on all."""
    material = gather_material(ExportSource(source).posts(), None, AUTO, DAYS, datetime.now(UTC))
    days = {
        handle(channel.channel): [
            [post.text for post in channel.posts.posts_of(day)] for day in channel.posts.days
        ]
        for channel in material.channels
    }
    days[EVERY_CHANNEL] = [day for own in days.values() for day in own]
    for channel, own in days.items():
        for name, write in WRITERS.items():
            yield _written(channel, name, [(posts, write(posts)) for posts in own])


def _written(channel: str, writer: str, digests: Sequence[tuple[Posts, str]]) -> WrittenDays:
    scores = [measure(posts, digest).as_dict() for posts, digest in digests]
    found = [faults(posts, digest) for posts, digest in digests]
    return WrittenDays(
        channel=channel,
        writer=writer,
        days=len(digests),
        scores={name: average([score[name] for score in scores]) for name in QUALITY_METRICS},
        dropping=sum(Fault.DROPPED_TOPIC in each for each in found),
        faulty=sum(bool(each - {Fault.DROPPED_TOPIC}) for each in found),
    )
