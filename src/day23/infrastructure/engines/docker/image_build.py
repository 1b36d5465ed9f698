"""Makes images out of files of this host, named and labelled by their content."""

import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.checksums import combined_sha256
from day23.infrastructure.engines.docker import labels
from day23.infrastructure.engines.docker.attendant import ATTENDANT
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import FREE_SPACE_STEP, daemon, refusals_told

_SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True)
class ImageRecipe:
    """What an image is made of; the same recipe always has the same name.

    Attributes:
        base: `scratch`, or what identifies the image below.
        parts: SHA-256 by name of what is laid over the base.
    """

    name: str
    version: str
    base: str
    parts: Mapping[str, str]

    @property
    def content(self) -> str:
        """SHA-256 over everything that makes the image."""
        return combined_sha256({**self.parts, "base": self.base, "layout": labels.DRIVER_VERSION})

    @property
    def reference(self) -> str:
        """The image's name on this host."""
        return f"day23/{self.name}:{self.content[:_SHOWN_DIGITS]}"

    @property
    def labels(self) -> dict[str, str]:
        """What the image says about itself."""
        return {labels.CONTENT: self.content, labels.TITLE: self.name, labels.VERSION: self.version}


def is_here(recipe: ImageRecipe) -> bool:
    """Whether this host has the image, made of exactly this content."""
    with DaemonSocket() as socket:
        found = socket.image(recipe.reference)
    return found is not None and labels.labels_of(found).get(labels.CONTENT) == recipe.content


def build(
    recipe: ImageRecipe, base: str, attendant: Path, files: Iterable[tuple[str, Path]], folder: Path
) -> None:
    """Build the image.

    Args:
        recipe: Gives name and labels.
        base: Reference of the image below, which this host has; or `scratch`.
        attendant: The program that becomes process 1.
        files: Path in the image and path on this host of everything else.
        folder: Temporary; takes the build context.
    """
    folder.mkdir(parents=True, exist_ok=True)
    context = folder / "context.tar"
    with tarfile.open(context, "w") as archive:
        _add_text(archive, "Dockerfile", f"FROM {base}\nCOPY root/ /\n")
        _add_file(archive, ATTENDANT, attendant, executable=True)
        for target, source in files:
            _add_file(archive, target, source, executable=False)
    with context.open("rb") as stream, refusals_told(recipe.reference):
        answers = daemon().build(
            fileobj=stream,
            custom_context=True,
            tag=recipe.reference,
            labels=recipe.labels,
            rm=True,
            forcerm=True,
            pull=False,
            network_mode="none",
            decode=True,
        )
        _refuse_failure(recipe, answers)
    context.unlink()


def _refuse_failure(recipe: ImageRecipe, answers: Iterable[Mapping[str, Any]]) -> None:
    for answer in answers:
        if "error" in answer:
            raise ToolkitError(
                f"the image cannot be built: {answer['error']}",
                where=recipe.reference,
                next_step=FREE_SPACE_STEP,
            )


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    archive.addfile(entry, BytesIO(text.encode()))


def _add_file(archive: tarfile.TarFile, target: str, source: Path, *, executable: bool) -> None:
    status = source.stat()
    entry = tarfile.TarInfo(f"root{target}")
    entry.size = status.st_size
    entry.mtime = int(status.st_mtime)
    entry.mode = 0o755 if executable or status.st_mode & 0o100 else 0o644
    with source.open("rb") as stream:
        archive.addfile(entry, stream)
