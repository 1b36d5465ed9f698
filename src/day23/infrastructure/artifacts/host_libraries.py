"""Which shared libraries the host's loader knows."""

from pathlib import Path


class HostLibraries:
    """Reads the loader's own index instead of loading anything.

    Args:
        index: What `ldconfig` writes; absent on hosts without glibc.
    """

    def __init__(self, index: Path = Path("/etc/ld.so.cache")) -> None:
        self._index = index

    def has(self, file: str) -> bool:
        """Return whether a program that needs `file` finds it (the index lists full paths)."""
        try:
            return f"/{file}\0".encode() in self._index.read_bytes()
        except OSError:
            return False
