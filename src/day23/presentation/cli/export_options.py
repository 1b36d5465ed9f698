"""The flags that both export commands share, and what they mean."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from day23.application.export_dataset import PART_DOCUMENTS, ExportRequest
from day23.application.export_store import Compression, ExportFormat, ExportTarget
from day23.application.ports import Collection
from day23.domain.channel import canonical
from day23.domain.errors import UsageError
from day23.settings import Settings

_ANY_LANGUAGE = ("any", "all", "")


@dataclass(frozen=True, slots=True)
class ExportFlags:
    """The flags as typed; None where a flag was left out."""

    mongo: str | None
    database: str | None
    hours: int | None
    channel: str | None
    language: str
    limit: int
    output: Path | None
    since: datetime | None
    processes: int
    part_documents: int
    compress: str
    format: str
    as_json: bool
    stack_root: Path | None
    trace_id: str | None

    def settings(self) -> Settings:
        """Return the environment's settings with the flags above them."""
        given: dict[str, Any] = {
            "mongodb_url": self.mongo,
            "db_name": self.database,
            "stack_root": self.stack_root,
            "trace_id": self.trace_id,
        }
        return Settings(**{name: value for name, value in given.items() if value is not None})

    def request(self, collection: Collection, dataset_dir: Path) -> ExportRequest:
        """Return what to export; without `--output` it goes into today's dated export."""
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        dated = ExportTarget.dated(dataset_dir, today)
        target = ExportTarget.of_file(self.output, dataset_dir, collection) if self.output else dated
        if self.hours is not None and self.since is not None:
            raise UsageError("--hours and --since exclude each other", next_step="give one of them")
        return ExportRequest(
            target=target,
            collections=(collection,),
            hours=self.hours,
            channel=canonical(self.channel) if self.channel else None,
            language=None if self.language in _ANY_LANGUAGE else self.language,
            limit=self.limit or None,
            output=self.output,
            since=self.since.date() if self.since else None,
            processes=self.processes,
            part_documents=self.part_documents,
            compression=Compression(self.compress),
            format=ExportFormat(self.format),
        )


_OPTIONS = (
    click.option(
        "--mongo",
        "--mongodb-url",
        "mongo",
        metavar="URL",
        help="MongoDB address. Default: MONGODB_URL, else the running stack's own.",
    ),
    click.option("--database", help="Database name. Default: DB_NAME, else butler."),
    click.option(
        "--hours",
        type=click.IntRange(min=1),
        help="Hours back from the end of the recorded window, rounded up to whole UTC days. "
        "Default: the recorded window.",
    ),
    click.option("--channel", help="Only this channel, with or without @."),
    click.option("--language", default="ru", show_default=True, help="Only this language; any takes all."),
    click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Newest documents only; 0 takes all.",
    ),
    click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The JSONL file; its manifest is written beside it. "
        "Default: today's folder below BENCHMARK_DATASET_DIR/exports.",
    ),
    click.option(
        "--since",
        type=click.DateTime(["%Y-%m-%d"]),
        help="First day, up to the end of the recorded window. Not together with --hours.",
    ),
    click.option(
        "--processes",
        type=click.IntRange(1, 64),
        default=1,
        show_default=True,
        help="Data files written at once; the bytes are the same for any number.",
    ),
    click.option(
        "--part-documents",
        type=click.IntRange(min=1),
        default=PART_DOCUMENTS,
        show_default=True,
        help="Documents per data file. More than that are written as digests-00001.jsonl and so on; "
        "a killed export goes on after its last whole part.",
    ),
    click.option(
        "--compress",
        type=click.Choice([choice.value for choice in Compression]),
        default=Compression.NONE.value,
        show_default=True,
        help="Reproducible: the same data gives the same compressed bytes.",
    ),
    click.option(
        "--format",
        "format",
        type=click.Choice([choice.value for choice in ExportFormat]),
        default=ExportFormat.RECORDS.value,
        show_default=True,
        help="records: validated benchmark samples; extended: stored documents as relaxed Extended JSON.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
    click.option(
        "--stack-root", type=click.Path(path_type=Path), help="Default: DAY23_STACK_ROOT, else .day23."
    ),
    click.option("--trace-id", metavar="HEX", help="32 hex digits that join this run with others."),
)


def export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a click command the flags of an export."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
