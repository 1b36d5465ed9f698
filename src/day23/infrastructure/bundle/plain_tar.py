"""Archives whose bytes depend on names and contents only."""

import tarfile
from collections.abc import Mapping
from pathlib import Path

_EXECUTABLE = 0o111


def add_files(archive: tarfile.TarFile, members: Mapping[str, Path]) -> None:
    """Add the files in the order given: no owner, no time, one of two modes."""
    for name, path in members.items():
        state = path.stat()
        entry = tarfile.TarInfo(name)
        entry.size = state.st_size
        entry.mode = 0o755 if state.st_mode & _EXECUTABLE else 0o644
        with path.open("rb") as stream:
            archive.addfile(entry, stream)


def write_tar(target: Path, members: Mapping[str, Path]) -> None:
    """Write the members, sorted by name."""
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        add_files(archive, dict(sorted(members.items())))
