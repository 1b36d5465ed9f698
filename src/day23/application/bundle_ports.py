"""What writing and loading bundles need from the outside world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from day23.domain.artifact import Artifact, Unavailable
from day23.domain.bundle_manifest import BundledEntry, BundleManifest

Members = Mapping[str, Path]
"""Files of this host by their path below the bundle's folder."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the cache has for hosts without a network.

    Attributes:
        entries: Cache entries by key.
        missing: Programs that cannot travel.
    """

    entries: Mapping[str, BundledEntry]
    missing: tuple[Unavailable, ...]


class Stock(Protocol):
    """The artefact cache, seen as what another host may need of it."""

    def gather(self, artifacts: Sequence[Artifact]) -> Gathered:
        """Bring here what is missing; a program that only this host has is missing."""
        ...

    def pack(self, entries: Sequence[BundledEntry], folder: Path) -> Members:
        """Compress the entries into `folder`; the same entry gives the same bytes."""
        ...


class Wheelhouse(Protocol):
    """The locked Python packages, as files."""

    def ensure(self) -> Members:
        """Return every wheel, downloaded unless it is here."""
        ...


class BundleWriter(Protocol):
    """Writes the archive."""

    def write(self, output: Path, manifest: BundleManifest, members: Members) -> str:
        """Write `output` and its checksum beside it; return the checksum."""
        ...


class BundleLoader(Protocol):
    """Reads an archive, or the folder that it was unpacked to."""

    def manifest(self) -> BundleManifest:
        """Return what the bundle says about itself.

        Raises:
            ToolkitError: It is no bundle, or cannot be read.
        """
        ...

    def verify(self) -> None:
        """Compare every checksum.

        Raises:
            ToolkitError: A file is missing, damaged or unexpected; names it.
        """
        ...

    def load(self, manifest: BundleManifest) -> Sequence[str]:
        """Verify, then put what the cache lacks into it; return the keys of what was new."""
        ...
