"""Tasks about the dataset: seed, verify, export."""

from pathlib import Path

from invoke.context import Context

from day23.application.dataset_ports import WEB
from day23.presentation.cli.dataset_options import channel_folders, channel_list
from day23.presentation.invoke_tasks.play import Options, given, play, stack_task, whole_number

SEED_HELP = {
    "source": "Folder of Telegram Desktop exports, one per channel, or web; without it the set is synthetic.",
    "zone": "Time zone of exports that state none (before 2022), as Europe/Moscow (default UTC).",
    "until": "Last day of the window, YYYY-MM-DD, now (default), or auto for the day of the last post.",
    "days": "Length of the window in days (default 30).",
    "minimum": "Distinct days each channel must have (default 30).",
    "channels": "Channels to take, separated by commas (default: all that the source has).",
    "channels_map": "Where a folder is not named as its channel: name=folder,name=folder.",
    "skip_bad": "Go on without files that cannot be read, and count them.",
    "judge_votes": "How often the LLM API judges each digest, too: 0 (default), or at least 3.",
    "dataset_dir": "Folder of snapshots, exports and benchmarks (default: data/benchmarks).",
}
"""Help of the arguments that choose the dataset."""


def seed_variables(
    source: str = "",
    until: str = "",
    days: str = "",
    minimum: str = "",
    channels: str = "",
    channels_map: str = "",
    skip_bad: bool = False,
    dataset_dir: str = "",
    zone: str = "",
    judge_votes: str = "",
) -> dict[str, object]:
    """Return the playbook variables of what was typed; paths start at the caller's folder."""
    return given(
        seed_source=source if source == WEB else absolute(source),
        seed_zone=zone,
        seed_judge_votes=whole_number("judge-votes", judge_votes),
        seed_until=until,
        seed_days=whole_number("days", days),
        seed_minimum=whole_number("minimum", minimum),
        seed_channels=list(channel_list(channels) or ()),
        seed_channels_map=dict(channel_folders(channels_map)),
        seed_skip_bad=skip_bad,
        stack_dataset_dir=absolute(dataset_dir),
    )


def absolute(path: str) -> str:
    """Return the absolute form of a typed path; empty stays empty."""
    return str(Path(path).expanduser().resolve()) if path else ""


@stack_task(**SEED_HELP)
def seed(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    source: str = "",
    until: str = "",
    days: str = "",
    minimum: str = "",
    channels: str = "",
    channels_map: str = "",
    skip_bad: bool = False,
    dataset_dir: str = "",
    zone: str = "",
    judge_votes: str = "",
) -> None:
    """Store one digest and one review report per channel and day."""
    chosen = seed_variables(
        source, until, days, minimum, channels, channels_map, skip_bad, dataset_dir, zone, judge_votes
    )
    play(context, "seed", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen))


@stack_task(**{name: SEED_HELP[name] for name in ("minimum", "channels", "dataset_dir")})
def verify(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    minimum: str = "",
    channels: str = "",
    dataset_dir: str = "",
) -> None:
    """Count days and check the fields of every stored document."""
    chosen = seed_variables(minimum=minimum, channels=channels, dataset_dir=dataset_dir)
    play(context, "verify", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen))


@stack_task(dataset_dir=SEED_HELP["dataset_dir"])
def export(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    dataset_dir: str = "",
) -> None:
    """Write the dataset as checksummed JSONL files."""
    chosen = seed_variables(dataset_dir=dataset_dir)
    play(context, "export", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen))


@stack_task(folder="The export to verify (default: the newest one).", dataset_dir=SEED_HELP["dataset_dir"])
def verify_export(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    folder: str = "",
    dataset_dir: str = "",
) -> None:
    """Accept an export only when it is complete and every byte is as its manifest says."""
    chosen = seed_variables(dataset_dir=dataset_dir) | given(verify_export_folder=absolute(folder))
    play(
        context, "verify_export", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen)
    )
