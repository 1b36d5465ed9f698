"""The flags that the dataset commands share, and what they mean."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from day23.domain.errors import UsageError
from day23.settings import Settings

Command = Callable[..., Any]

CHANNELS = click.option("--channels", metavar="LIST", help="Channels separated by commas, with or without @.")
DAYS = click.option("--days", type=click.IntRange(min=1), default=30, show_default=True)
MINIMUM = click.option(
    "--minimum",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="Distinct days each channel must have.",
)
DATASET_DIR = click.option(
    "--dataset-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of snapshots and exports. Default: BENCHMARK_DATASET_DIR, else data/benchmarks.",
)
MONGODB_URL = click.option(
    "--mongodb-url",
    metavar="URL",
    help="MongoDB address. Default: MONGODB_URL, else the running stack's own.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
TRACE_ID = click.option("--trace-id", metavar="HEX", help="32 hex digits that join this run with others.")
STACK_ROOT = click.option(
    "--stack-root", type=click.Path(path_type=Path), help="Default: DAY23_STACK_ROOT, else .day23."
)


def settings_of(stack_root: Path | None) -> Settings:
    """Return the settings, with the stack that `--stack-root` names where it was given."""
    settings = Settings()
    if stack_root is None:
        return settings
    return settings.model_copy(update={"stack_root": stack_root.expanduser().resolve()})


def options(*chosen: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Give a click command several flags, in the order they are named."""

    def decorate(command: Command) -> Command:
        for option in reversed(chosen):
            command = option(command)
        return command

    return decorate


def settings_with(
    *,
    stack_root: Path | None = None,
    trace_id: str | None = None,
    dataset_dir: Path | None = None,
    mongodb_url: str | None = None,
) -> Settings:
    """Return the environment's settings with the given flags above them."""
    given: dict[str, Any] = {
        "stack_root": stack_root,
        "trace_id": trace_id,
        "benchmark_dataset_dir": dataset_dir,
        "mongodb_url": mongodb_url,
    }
    return Settings(**{name: value for name, value in given.items() if value is not None})


def channel_list(text: str | None) -> tuple[str, ...] | None:
    """Return the names of a comma list; None when it was left out or is blank."""
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    return names or None


def channel_folders(text: str | None) -> Mapping[str, str]:
    """Return the folders by channel of `name=folder,name=folder`.

    Raises:
        UsageError: A part is not `name=folder`.
    """
    folders = {}
    for part in (text or "").split(","):
        name, equals, folder = part.partition("=")
        if part.strip() and not (equals and name.strip() and folder.strip()):
            raise UsageError(
                f"{part!r:.60} is not name=folder",
                where="--channels-map",
                next_step="write --channels-map habr=ChatExport_1,mash=ChatExport_2",
            )
        if part.strip():
            folders[name.strip()] = folder.strip()
    return folders
