"""The relative link through which the benchmark finds the newest complete export."""

import os
from pathlib import Path

from day23.infrastructure.files import sync_folder


def point_latest(dataset_dir: Path, dataset_id: str, data_file: Path) -> Path:
    """Make `<dataset_dir>/<dataset_id>/latest.jsonl` point to `data_file`, atomically.

    Returns:
        The link.
    """
    link = dataset_dir / dataset_id / "latest.jsonl"
    link.parent.mkdir(parents=True, exist_ok=True)
    replace_link(link, os.path.relpath(data_file.absolute(), link.parent.absolute()))
    return link


def replace_link(link: Path, destination: str) -> None:
    """Point `link` to `destination`, atomically and durably."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(destination)
    temporary.replace(link)
    sync_folder(link.parent)
