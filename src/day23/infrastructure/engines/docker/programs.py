"""The files that an assembled image consists of, out of what the other sources have on this host."""

import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

import day23
from day23.domain.artifact import ResolvedArtifact
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.checksums import combined_sha256

PYTHON = (3, 11)
"""Of Debian 12, whose interpreter runs what the toolkit's environment has installed."""

_BINARIES = "/opt/day23/bin"
_LIBRARY = "/opt/day23/lib"
_INTERPRETER = "/usr/bin/python3"
_TOOLKIT = "day23"
_HOST_ONLY = frozenset({"ansible-core", "ansible-runner", "docker", "invoke", "setuptools", "supervisor"})
"""What drives the stack from outside and no service imports."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program as it lies in an image.

    Attributes:
        digest: Over everything that goes into the image.
        binaries: Absolute path in the image by name.
    """

    digest: str
    binaries: Mapping[str, Path]
    environment: Mapping[str, str]

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield the path in the image and the path on this host of every file."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class BinaryProgram(Program):
    """Binaries that need nothing of the toolkit."""

    sources: Mapping[str, Path]

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield each binary."""
        for name, source in self.sources.items():
            yield str(self.binaries[name]), source.resolve()


@dataclass(frozen=True, slots=True)
class ToolkitProgram(Program):
    """The toolkit's package and the libraries that it needs."""

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield the package, then every library below it; nothing that only drives the stack."""
        package = Path(day23.__file__).parent
        yield from _tree(package, f"{_LIBRARY}/{package.name}")
        for distribution in _libraries():
            for file in distribution.files or ():
                source = Path(str(distribution.locate_file(file)))
                if _belongs(distribution, file.parts) and source.is_file():
                    yield f"{_LIBRARY}/{file}", source


def program_of(found: ResolvedArtifact) -> Program:
    """Return how an artefact of this host lies in an image.

    Raises:
        ToolkitError: It is the toolkit, installed for another Python than the image has.
    """
    if found.source != "toolkit":
        binaries = {name: Path(_BINARIES, name) for name in found.binaries}
        return BinaryProgram(found.digest, binaries, {}, dict(found.binaries))
    if sys.version_info[:2] != PYTHON:
        raise ToolkitError(
            f"the toolkit runs on Python {sys.version_info[0]}.{sys.version_info[1]}, its image on 3.11",
            where=sys.prefix,
            next_step="make the virtual environment with python3.11",
        )
    interpreters = dict.fromkeys(found.binaries, Path(_INTERPRETER))
    digest = combined_sha256({"package": found.digest, **dict.fromkeys(_installed(), "")})
    return ToolkitProgram(digest, interpreters, {"PYTHONPATH": _LIBRARY, "PYTHONDONTWRITEBYTECODE": "1"})


def _installed() -> list[str]:
    """Return name and version of everything in the environment, without reading any of it."""
    return sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))


def _libraries() -> list[metadata.Distribution]:
    """Return the toolkit and what it needs, with the extras that are asked for along the way."""
    found: dict[str, metadata.Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(_TOOLKIT, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen or name in _HOST_ONLY:
            continue
        seen.add((name, extra))
        found[name] = metadata.distribution(name)
        waiting += _needed(found[name], extra)
    return [distribution for _, distribution in sorted(found.items())]


def _needed(distribution: metadata.Distribution, extra: str) -> list[tuple[str, str]]:
    """Return what a distribution needs with one of its extras; none is the empty one."""
    requirements = [Requirement(text) for text in distribution.requires or ()]
    wanted = [each for each in requirements if not each.marker or each.marker.evaluate({"extra": extra})]
    return [(_canonical(each.name), name) for each in wanted for name in ("", *each.extras)]


def _belongs(distribution: metadata.Distribution, parts: tuple[str, ...]) -> bool:
    """Whether a file goes into the image: of the toolkit, which is copied as it runs, its metadata only."""
    if ".." in parts:
        return False
    return distribution.name != _TOOLKIT or parts[0].endswith(".dist-info")


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _tree(folder: Path, target: str) -> Iterator[tuple[str, Path]]:
    for parent, _, names in os.walk(folder):
        inner = os.path.relpath(parent, folder)
        for name in sorted(names):
            yield os.path.normpath(f"{target}/{inner}/{name}"), Path(parent, name)
