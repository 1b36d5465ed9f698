"""The sources `image` and `assemble`: programs that containers can run."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from day23.domain.artifact import (
    Artifact,
    AssembleSource,
    ImageSource,
    ResolvedArtifact,
    SourceName,
    Unavailable,
)
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.archive import ArchiveArtifacts
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.artifacts.go import GoArtifacts
from day23.infrastructure.artifacts.host_libraries import HostLibraries
from day23.infrastructure.artifacts.path import HostArtifacts
from day23.infrastructure.artifacts.source import Source, not_cached
from day23.infrastructure.artifacts.sources import Sources, joined
from day23.infrastructure.artifacts.toolkit import ToolkitArtifacts
from day23.infrastructure.artifacts.wheel import WheelArtifacts
from day23.infrastructure.engines.docker.attendant import ATTENDANT_ARTIFACT
from day23.infrastructure.engines.docker.base_image import BaseImages
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.image_build import ImageRecipe, build, is_here
from day23.infrastructure.engines.docker.programs import Program, program_of
from day23.infrastructure.engines.docker.sdk import daemon, refusals_told

if TYPE_CHECKING:
    from day23.infrastructure.artifacts.fetch_job import FetchJob

_PROGRAM_SOURCES: tuple[SourceName, ...] = ("path", "archive", "go", "wheel", "toolkit")


class AttendantProgram:
    """Brings process 1 of every container to this host."""

    def __init__(self, cache: ArtifactCache, repository_root: Path) -> None:
        self._go = GoArtifacts(cache, repository_root)

    def found(self) -> ResolvedArtifact | Unavailable:
        """Return the program if it is on this host."""
        return self._go.locate(ATTENDANT_ARTIFACT)

    def ensure(self, job: "FetchJob") -> ResolvedArtifact:
        """Build the program unless it is here."""
        if isinstance(self.found(), Unavailable):
            self._go.fetch(ATTENDANT_ARTIFACT, replace(job, folder=job.folder / "attendant"))
        found = self.found()
        if isinstance(found, Unavailable):
            raise found.error()
        return found


class AssembledImages:
    """The source `assemble`: an image made of what another source has on this host."""

    def __init__(self, cache: ArtifactCache, repository_root: Path) -> None:
        known: dict[SourceName, Source] = {
            "path": HostArtifacts(cache.checksums),
            "archive": ArchiveArtifacts(cache),
            "go": GoArtifacts(cache, repository_root),
            "wheel": WheelArtifacts(cache, _ImageLibraries()),
            "toolkit": ToolkitArtifacts(),
        }
        self._programs = Sources(known, _PROGRAM_SOURCES)
        self._attendant = AttendantProgram(cache, repository_root)
        self._bases = BaseImages(cache)

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the image if this host has it, made of exactly what the other source has now."""
        found, attendant = self._programs.resolve(artifact), self._attendant.found()
        if isinstance(found, Unavailable):
            return found
        if isinstance(attendant, Unavailable):
            return not_cached(artifact, "assemble")
        program = program_of(found)
        recipe = self._recipe(artifact, program, attendant)
        if not is_here(recipe):
            return not_cached(artifact, "assemble")
        return _resolved(artifact, "assemble", recipe, program.binaries, program.environment)

    def fetch(self, artifact: Artifact, job: "FetchJob") -> None:
        """Bring the program here by its own source, then lay it over its base."""
        program = program_of(self._fetch_program(artifact, job))
        attendant = self._attendant.ensure(job)
        source = _assemble(artifact)
        base = "scratch" if source.base == "scratch" else self._bases.ensure(source.packages, job)
        recipe = self._recipe(artifact, program, attendant)
        if not is_here(recipe):
            job.progress.step("assembling its image")
            build(recipe, base, attendant.binaries["attendant"], program.files(), job.folder / "image")

    def _recipe(self, artifact: Artifact, program: Program, attendant: ResolvedArtifact) -> ImageRecipe:
        source = _assemble(artifact)
        base = source.base if source.base == "scratch" else self._bases.identity(source.packages)
        parts = {"program": program.digest, "attendant": attendant.digest}
        return ImageRecipe(artifact.name, artifact.version, base, parts)

    def _fetch_program(self, artifact: Artifact, job: "FetchJob") -> ResolvedArtifact:
        failures: list[Unavailable] = []
        for name in self._programs.usable(artifact):
            try:
                self._programs.fetch(artifact, name, replace(job, folder=job.folder / name))
            except ToolkitError as error:
                failures.append(Unavailable(artifact.name, error.what, error.where, error.next_step))
                continue
            found = self._programs.locate(artifact, name)
            if isinstance(found, ResolvedArtifact):
                return found
            failures.append(found)
        raise joined(artifact, failures).error()


class RegistryImages:
    """The source `image`: an image of a registry, by digest, with process 1 laid over it."""

    def __init__(self, cache: ArtifactCache, repository_root: Path) -> None:
        self._attendant = AttendantProgram(cache, repository_root)

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the image if this host has it."""
        source, attendant = _image(artifact), self._attendant.found()
        if isinstance(attendant, Unavailable):
            return not_cached(artifact, "image")
        recipe = _registry_recipe(artifact, source, attendant)
        if not is_here(recipe):
            return not_cached(artifact, "image")
        binaries = {name: Path(path) for name, path in source.binaries.items()}
        return _resolved(artifact, "image", recipe, binaries, {})

    def fetch(self, artifact: Artifact, job: "FetchJob") -> None:
        """Pull the image unless it is here, by digest only, and lay process 1 over it."""
        source, attendant = _image(artifact), self._attendant.ensure(job)
        base = _local_reference(source) or _pull(source, job)
        recipe = _registry_recipe(artifact, source, attendant)
        build(recipe, base, attendant.binaries["attendant"], (), job.folder / "image")


class _ImageLibraries(HostLibraries):
    """The libraries of an image are those of its Debian packages: none is bundled."""

    def has(self, file: str) -> bool:  # noqa: ARG002  (whatever it is)
        """Return True."""
        return True


def _resolved(
    artifact: Artifact,
    source: SourceName,
    recipe: ImageRecipe,
    binaries: Mapping[str, Path],
    environment: Mapping[str, str],
) -> ResolvedArtifact:
    return ResolvedArtifact(
        artifact.name, recipe.version, source, recipe.content, binaries, environment, recipe.reference
    )


def _registry_recipe(artifact: Artifact, source: ImageSource, attendant: ResolvedArtifact) -> ImageRecipe:
    version = source.version or artifact.version
    return ImageRecipe(artifact.name, version, str(source.digest), {"attendant": attendant.digest})


def _local_reference(source: ImageSource) -> str | None:
    """Return how this host knows the image; one that was loaded from a file has its own id only."""
    pinned = f"{_repository(source)}@{source.digest}"
    with DaemonSocket() as socket:
        return next((name for name in (pinned, str(source.digest)) if socket.image(name)), None)


def _pull(source: ImageSource, job: "FetchJob") -> str:
    job.progress.step(f"pulling {source.name}")
    step = "check that its registry answers; without one the image can be loaded with `docker load`"
    with refusals_told(source.name, next_step=step):
        for told in daemon().pull(_repository(source), tag=source.digest, stream=True, decode=True):
            if "error" in told:
                raise ToolkitError(
                    f"the image cannot be pulled: {told['error']}", where=source.name, next_step=step
                )
    found = _local_reference(source)
    if found is None:
        raise ToolkitError(
            f"the registry's image does not have the digest {source.digest}",
            where=source.name,
            next_step="read what changed, then pin the new digest in config/images.lock.yml",
        )
    return found


def _repository(source: ImageSource) -> str:
    head, _, last = source.name.rpartition("/")
    return f"{head}/{last.partition(':')[0]}" if head else last.partition(":")[0]


def _image(artifact: Artifact) -> ImageSource:
    if artifact.image is None or artifact.image.digest is None:
        raise ToolkitError("no source 'image' is pinned", where=f"{artifact.name}_artifact")
    return artifact.image


def _assemble(artifact: Artifact) -> AssembleSource:
    if artifact.assemble is None:
        raise ToolkitError("no source 'assemble' is declared", where=f"{artifact.name}_artifact")
    return artifact.assemble
