"""`config/images.lock.yml`: the registry images that roles may use, by digest."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from day23.application.lock_images import LockedImage
from day23.domain.errors import ToolkitError
from day23.infrastructure.files import write_atomically

_HEAD = """\
# Registry images by artefact. An image is used only with its digest; a null digest is skipped.
# Edit names and tags by hand, with the digest null; `invoke day23.lock` asks the registries for the digests.
"""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str | None = None
    digest: str | None = Field(pattern="^sha256:[0-9a-f]{64}$")


_ENTRIES = TypeAdapter(dict[str, _Entry])


class LockFile:
    """Implements `ImageLock`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Mapping[str, LockedImage]:
        """Return each image by its artefact.

        Raises:
            ToolkitError: The file is missing or not a lock.
        """
        return {
            artifact: LockedImage(artifact, entry.name, entry.digest)
            for artifact, entry in self._entries().items()
        }

    def save(self, digests: Mapping[str, str | None]) -> None:
        """Write these digests and leave everything else as it is."""
        lines = [
            f"{artifact}: {_line(entry, digests.get(artifact, entry.digest))}"
            for artifact, entry in self._entries().items()
        ]
        text = _HEAD + "".join(f"{line}\n" for line in lines)
        if text != self._path.read_text(encoding="utf-8"):
            write_atomically(self._path, text.encode())

    def _entries(self) -> dict[str, _Entry]:
        try:
            return _ENTRIES.validate_python(yaml.safe_load(self._path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise ToolkitError(
                f"the image lock cannot be read: {str(error).splitlines()[0]}",
                where=str(self._path),
                next_step=f"git checkout {self._path.name}, or mend it by hand",
            ) from None


def _line(entry: _Entry, digest: str | None) -> str:
    version = f', version: "{entry.version}"' if entry.version else ""
    return f'{{name: "{entry.name}"{version}, digest: {digest or "null"}}}'
