"""The toolkit as archives that are pushed to a host without it: its wheels, and the project."""

import time
from dataclasses import dataclass
from pathlib import Path

from day23.application.bundle_ports import Members, Wheelhouse
from day23.infrastructure.artifacts.checksums import combined_sha256
from day23.infrastructure.bundle.plain_tar import write_tar
from day23.infrastructure.bundle.project_files import project_digest, project_files

_PUSHED_WITHIN_SECONDS = 3600.0
"""How long another run, of another checkout, may still be pushing what it found here."""


@dataclass(frozen=True, slots=True)
class Package:
    """One archive; its name tells its content."""

    name: str
    path: Path


class ToolkitPackages:
    """Writes the packages once per content. They are two, since the project changes more often.

    Args:
        folder: Keeps the newest of each kind, and what other checkouts made within the hour.
        repository: The project's checkout.
        wheels: The Python packages.
    """

    def __init__(self, folder: Path, repository: Path, wheels: Wheelhouse) -> None:
        self._folder = folder
        self._repository = repository
        self._wheels = wheels

    def ready(self) -> tuple[Package, Package]:
        """Return the packages; a matter of milliseconds when nothing has changed."""
        wheels = self._wheels.ensure()
        names = combined_sha256(dict.fromkeys(wheels, ""))  # the lock's hashes bind names to contents
        return (
            self._package("wheels", names, wheels),
            self._package("project", project_digest(self._repository), project_files(self._repository)),
        )

    def _package(self, kind: str, digest: str, members: Members) -> Package:
        package = Package(f"{kind}-{digest[:16]}", self._folder / f"{kind}-{digest[:16]}.tar")
        if not package.path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = package.path.with_suffix(".partial")
            write_tar(unfinished, members)
            self._forget_older(kind)
            unfinished.rename(package.path)
        package.path.touch()
        return package

    def _forget_older(self, kind: str) -> None:
        latest = time.time() - _PUSHED_WITHIN_SECONDS
        for older in self._folder.glob(f"{kind}-*.tar"):
            if older.stat().st_mtime < latest:
                older.unlink(missing_ok=True)
