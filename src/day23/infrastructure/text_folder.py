"""A folder of small text files that are replaced durably."""

from pathlib import Path

from day23.infrastructure.files import write_atomically


class TextFolder:
    """Implements `TextFiles` on disk.

    Args:
        folder: Made with the first file. Absolute names given later are taken as they are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, content: str) -> Path:
        """Replace one file durably, all or nothing; return its path."""
        path = self._folder / name
        write_atomically(path, content)
        return path

    def read(self, name: str) -> str | None:
        """Return the content of one file; None when there is none."""
        path = self._folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else None
