"""Files of the host that services read, verified against the checksum that somebody gave."""

import hashlib
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.service_spec import HostFile
from day23.infrastructure.artifacts.checksums import ChecksumMemo


class VerifiedFiles:
    """Implements `HostFiles`; a file that did not change since it was hashed is not read again.

    Args:
        checksums: Remembers what was hashed: a model has many gigabytes.
    """

    def __init__(self, checksums: ChecksumMemo) -> None:
        self._checksums = checksums

    def refuse_other(self, file: HostFile) -> None:
        """Raise unless the file is there and has its checksum.

        Raises:
            ToolkitError: It is not named, missing, unreadable, or another one.
        """
        if file.path is None or file.sha256 is None:
            raise ToolkitError(
                f"{file.name}: no file and checksum are given",
                where=f"{file.name}_path, {file.name}_sha256",
                next_step=f"set both; `sha256sum FILE` prints {file.name}_sha256",
            )
        found = self._sha256(Path(file.path), file.name)
        if found != file.sha256:
            raise ToolkitError(
                f"{file.name}: the file is not the one that was meant, its SHA-256 is {found}",
                where=file.path,
                next_step=f"fetch the file again, or correct {file.name}_sha256",
            )

    def _sha256(self, path: Path, name: str) -> str:
        try:
            return self._of_folder(path) if path.is_dir() else self._checksums.sha256(path)
        except OSError as error:
            raise ToolkitError(
                f"{name}: the file cannot be read: {error.strerror}",
                where=str(path),
                next_step=f"correct {name}_path",
            ) from None

    def _of_folder(self, folder: Path) -> str:
        """Hash what `find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum` prints."""
        names = sorted(f"./{path.relative_to(folder)}" for path in folder.rglob("*") if path.is_file())
        lines = "".join(f"{self._checksums.sha256(folder / name)}  {name}\n" for name in names)
        return hashlib.sha256(lines.encode()).hexdigest()
