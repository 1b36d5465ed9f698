"""What each step of a run leaves behind for whoever checks it."""

from pathlib import Path

from pydantic import BaseModel

from day23.infrastructure.exports.manifest_file import to_json
from day23.infrastructure.files import write_atomically


def save_evidence(folder: Path | None, step: str, summary: BaseModel) -> Path | None:
    """Write `<folder>/<step>.json`; without a folder nobody asked for evidence.

    Args:
        folder: The run's evidence folder.
        step: `seed`, `verify`, `export`, `benchmark.<scenario>.<mode>`, ...
    """
    if folder is None:
        return None
    path = folder / f"{step}.json"
    write_atomically(path, to_json(summary))
    return path
