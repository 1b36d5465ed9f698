"""Write one archive from which the stack comes up without a network."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from day23.application.bundle_ports import BundleWriter, Gathered, Members, Stock, Wheelhouse
from day23.domain.artifact import Artifact, Unavailable
from day23.domain.bundle_manifest import BundledEntry, BundleManifest
from day23.domain.errors import ToolkitError

BillOfMaterials = Callable[[Sequence[Artifact], Sequence[BundledEntry], Members], bytes]
"""Describes artefacts, entries and wheels as a CycloneDX document."""


@dataclass(frozen=True, slots=True)
class BundlePorts:
    """What the use case works with.

    Attributes:
        project: Files of the project by their path in it.
        describe: Writes the bill of materials.
        workshop: Empty folder on the file system of the cache.
        platform: A manifest of this host without entries.
    """

    stock: Stock
    wheels: Wheelhouse
    writer: BundleWriter
    project: Members
    describe: BillOfMaterials
    workshop: Path
    platform: BundleManifest


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """The archive and what it lacks."""

    path: Path
    sha256: str
    size: int
    manifest: BundleManifest


class WriteBundle:
    """Gathers, packs and writes.

    Args:
        ports: What it works with.
        optional: Names of artefacts that the stack can do without.
    """

    def __init__(self, ports: BundlePorts, optional: Collection[str]) -> None:
        self._ports = ports
        self._optional = frozenset(optional)

    def run(self, artifacts: Sequence[Artifact], output: Path) -> WrittenBundle:
        """Write everything into `output`.

        Raises:
            ToolkitError: A required program or wheel cannot be had.
        """
        gathered = self._ports.stock.gather(artifacts)
        self._refuse_gaps(gathered)
        wheels = self._ports.wheels.ensure()
        entries = tuple(gathered.entries[key] for key in sorted(gathered.entries))
        manifest = self._ports.platform.model_copy(
            update={"entries": entries, "left_out": {each.name: each.reason for each in gathered.missing}}
        )
        members = {
            **self._ports.project,
            "up.sh": self._ports.project["scripts/bundle/up.sh"],
            **wheels,
            **self._ports.stock.pack(entries, self._ports.workshop),
            "bundle/sbom.cdx.json": self._bill(artifacts, entries, wheels),
        }
        sha256 = self._ports.writer.write(output, manifest, members)
        return WrittenBundle(output, sha256, output.stat().st_size, manifest)

    def run_programs(self, artifacts: Sequence[Artifact], output: Path) -> WrittenBundle:
        """Write those programs alone that can be had here, for a host that has the toolkit.

        What cannot be had is left to that host.
        """
        gathered = self._ports.stock.gather(artifacts)
        entries = tuple(gathered.entries[key] for key in sorted(gathered.entries))
        manifest = self._ports.platform.model_copy(update={"entries": entries})
        members = self._ports.stock.pack(entries, self._ports.workshop)
        sha256 = self._ports.writer.write(output, manifest, members)
        return WrittenBundle(output, sha256, output.stat().st_size, manifest)

    def _bill(self, artifacts: Sequence[Artifact], entries: Sequence[BundledEntry], wheels: Members) -> Path:
        path = self._ports.workshop / "sbom.cdx.json"
        path.write_bytes(self._ports.describe(artifacts, entries, wheels))
        return path

    def _refuse_gaps(self, gathered: Gathered) -> None:
        gaps: list[Unavailable] = [each for each in gathered.missing if each.name not in self._optional]
        if gaps:
            raise ToolkitError(
                "\n".join(gap.reason for gap in gaps),
                where=", ".join(gap.where for gap in gaps if gap.where),
                next_step="; ".join(dict.fromkeys(gap.next_step for gap in gaps if gap.next_step)),
            )
