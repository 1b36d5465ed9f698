"""What each step of a run leaves behind for whoever checks it."""

from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

from day23.domain.export_manifest import MANIFEST_NAME
from day23.infrastructure.evidence_bundle import problems, seal
from day23.infrastructure.evidence_files import EvidenceFiles
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


def seal_evidence(folder: Path) -> Path:
    """Write the manifest of a run's evidence, chained to the export's; the last step of a run does it."""
    export = EvidenceFiles(folder).export()
    rests_on = {"export": export.folder / MANIFEST_NAME} if export else {}
    return seal(folder, version("day23"), rests_on)


def evidence_problems(folder: Path) -> tuple[list[str], list[str]]:
    """Return what is wrong with a bundle, and what could not be checked because it is not here.

    Raises:
        ToolkitError: There is no manifest, or it was changed.
    """
    return problems(folder)
