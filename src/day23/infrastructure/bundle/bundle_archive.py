"""Writing a bundle: a plain tar, which any host can unpack, of parts that are compressed."""

import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from day23.application.ports import Progress, ProgressState
from day23.domain.bundle_manifest import ROOT, BundleManifest
from day23.infrastructure.artifacts.checksums import file_sha256
from day23.infrastructure.bundle.plain_tar import add_files
from day23.infrastructure.files import atomic_writer, write_atomically

MANIFEST = "bundle/manifest.json"
CHECKSUMS = "bundle/SHA256SUMS"


class BundleArchive:
    """Implements `BundleWriter`.

    Args:
        progress: Told about hashing and writing.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def write(self, output: Path, manifest: BundleManifest, members: Mapping[str, Path]) -> str:
        """Write `output` with the manifest and all checksums at its head, whole or not at all."""
        self._progress.report(output.name, ProgressState.RUNNING, detail="writing")
        with tempfile.TemporaryDirectory(prefix="day23-bundle-") as folder:
            head = _head(Path(folder), manifest, members)
            placed = {f"{ROOT}/{name}": path for name, path in (head | dict(sorted(members.items()))).items()}
            with (
                atomic_writer(output) as stream,
                tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive,
            ):
                add_files(archive, placed)
        sha256 = file_sha256(output)
        write_atomically(output.with_name(f"{output.name}.sha256"), f"{sha256}  {output.name}\n")
        size = output.stat().st_size // 1_000_000
        self._progress.report(output.name, ProgressState.DONE, detail=f"{size} MB")
        return sha256


def _head(folder: Path, manifest: BundleManifest, members: Mapping[str, Path]) -> dict[str, Path]:
    head = {MANIFEST: folder / "manifest.json", CHECKSUMS: folder / "SHA256SUMS"}
    head[MANIFEST].write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    summed = {MANIFEST: head[MANIFEST], **dict(sorted(members.items()))}
    lines = (f"{file_sha256(path)}  {name}\n" for name, path in summed.items())
    head[CHECKSUMS].write_text("".join(lines), encoding="utf-8")
    return head
