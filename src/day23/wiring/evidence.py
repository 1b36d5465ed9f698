"""What each step of a run leaves behind for whoever checks it."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

from day23.application.null_telemetry import NullTelemetry
from day23.application.snapshot_folder import SEED_RECORD
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import MANIFEST_NAME
from day23.infrastructure.evidence_bundle import problems, rests_on, seal
from day23.infrastructure.evidence_files import EvidenceFiles
from day23.infrastructure.exports.manifest_file import to_json
from day23.infrastructure.files import write_atomically
from day23.wiring.exports import export_files


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
    return seal(folder, version("day23"), {"export": export.folder / MANIFEST_NAME} if export else {})


def seal_benchmark(folder: Path, dataset: Path, dataset_dir: Path) -> Path:
    """Seal a benchmark's bundle, chained to the export, with a copy of what seeding left.

    A copy, for the next seed of the day replaces its record.

    Args:
        dataset: The exported file that was judged.
        dataset_dir: Has the seed's record where the evidence around the bundle has none.
    """
    records = [folder.parent / SEED_RECORD, *sorted(dataset_dir.glob(f"snapshots/*/{SEED_RECORD}"))[-1:]]
    for record in [path for path in records if path.is_file()][:1]:
        write_atomically(folder / SEED_RECORD, record.read_bytes())
    return seal(folder, version("day23"), {"export": dataset.resolve().with_name(MANIFEST_NAME)})


def evidence_problems(folder: Path) -> tuple[list[str], list[str]]:
    """Follow the chain; return what is wrong, and what could not be checked because it is not here.

    Raises:
        ToolkitError: There is no manifest, or it was changed.
    """
    wrong, absent = problems(folder)
    export = rests_on(folder).get("export")
    return [*wrong, *_export_problems(export), *_seed_problems(EvidenceFiles(folder))], absent


def _export_problems(manifest: Path | None) -> Iterator[str]:
    """Tell what differs from an export's manifest, byte by byte; nothing where the export is not here."""
    if manifest is None or not manifest.is_file():
        return
    try:
        VerifyExportersUseCase(export_files(), NullTelemetry()).folder(manifest.parent, expected=())
    except ToolkitError as error:
        yield str(error)


def _seed_problems(evidence: EvidenceFiles) -> Iterator[str]:
    """Tell whether the documents that were verified are those that seeding left."""
    try:
        seed, audit = evidence.seed(), evidence.audit()
    except ToolkitError as error:
        yield str(error)
        return
    if not seed or not audit or seed.documents != audit.documents:
        return  # one of them looked at other channels
    if seed.content_sha256_xor and seed.content_sha256_xor != audit.content_sha256_xor:
        yield "the stored documents were changed between seeding and verification"
