"""The Debian image below programs that need shared libraries or Python, made without a registry."""

import json
import shutil
from pathlib import Path

from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.cache import ArtifactCache, CacheEntry, cache_key
from day23.infrastructure.artifacts.children import ChildFailedError, Command
from day23.infrastructure.artifacts.fetch_job import FetchJob
from day23.infrastructure.artifacts.source import not_cached
from day23.infrastructure.bare_environment import bare_environment
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import FREE_SPACE_STEP, daemon, refusals_told

SUITE = "bookworm"
_RELEASE = "12"
_ARCHIVE = "base.tar"
_EXCLUDED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")
_NO_SETUID = 'find "$1" -xdev -perm /6000 -type f -exec chmod ug-s {} +'


class BaseImages:
    """Makes and finds base images.

    Args:
        cache: Keeps the archives, so that another daemon imports one instead of making it again.
    """

    def __init__(self, cache: ArtifactCache) -> None:
        self._cache = cache

    def identity(self, packages: tuple[str, ...]) -> str:
        """Return what tells this base image from others."""
        recipe = json.dumps([SUITE, sorted(packages), _EXCLUDED, _NO_SETUID]).encode()
        return cache_key(f"debian-{SUITE}", _RELEASE, [recipe])

    def ensure(self, packages: tuple[str, ...], job: FetchJob) -> str:
        """Return the reference of a base image that this host now has.

        Raises:
            ToolkitError: The program that makes it is missing, or no mirror can be reached.
        """
        key = self.identity(packages)
        reference = f"day23/base:{key.rpartition('-')[2]}"
        with self._cache.claim(f"image-{key}", job.wait):
            with DaemonSocket() as socket:
                if socket.image(reference):
                    return reference
            archive = self.archive(packages, job).folder / _ARCHIVE
            job.progress.step("importing the Debian base image")
            name, _, tag = reference.partition(":")
            with refusals_told(reference, next_step=FREE_SPACE_STEP):
                _import(archive, name, tag)
        return reference

    def archive(self, packages: tuple[str, ...], job: FetchJob) -> CacheEntry:
        """Return the cache entry of the image's archive, made unless it is here; needs no daemon.

        Raises:
            ToolkitError: As `ensure`.
        """
        key = self.identity(packages)
        with self._cache.claim(key, job.wait):
            if self._cache.find(key) is None:
                staging = job.staging("base")
                _bootstrap(staging / _ARCHIVE, packages, job)
                self._cache.publish(key, staging)
            found = self._cache.find(key)
        if found is None:
            raise ToolkitError("the base image vanished from the cache", where=str(self._cache.folder))
        return found


class BaseArchives:
    """The source `assemble` of hosts without a daemon: the base image's archive is all that they bring.

    Args:
        cache: Keeps the archives.
    """

    def __init__(self, cache: ArtifactCache) -> None:
        self._cache = cache
        self._bases = BaseImages(cache)

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the archive below the artefact's image; nothing where it needs none."""
        packages = _packages(artifact)
        if packages is None:
            return ResolvedArtifact(artifact.name, artifact.version, "assemble", "", {}, {})
        entry = self._cache.find(self._bases.identity(packages))
        if entry is None:
            return not_cached(artifact, "assemble")
        return ResolvedArtifact(
            artifact.name, artifact.version, "assemble", entry.digest, {_ARCHIVE: entry.folder / _ARCHIVE}, {}
        )

    def fetch(self, artifact: Artifact, job: FetchJob) -> None:
        """Make the archive unless it is here."""
        packages = _packages(artifact)
        if packages is not None:
            self._bases.archive(packages, job)


def _packages(artifact: Artifact) -> tuple[str, ...] | None:
    source = artifact.assemble
    return source.packages if source is not None and source.base != "scratch" else None


def _bootstrap(archive: Path, packages: tuple[str, ...], job: FetchJob) -> None:
    program = shutil.which("mmdebstrap")
    if program is None:
        raise ToolkitError(
            "mmdebstrap, which makes the Debian base image, is missing",
            where="PATH",
            next_step="sudo apt-get install mmdebstrap, or pin registry images in config/images.lock.yml",
        )
    job.progress.step("making the Debian base image")
    options = [f"--dpkgopt=path-exclude={path}" for path in _EXCLUDED]
    options += [f"--include={','.join(sorted(packages))}"] if packages else []
    words = [program, "--variant=minbase", *options, f"--customize-hook={_NO_SETUID}", SUITE, str(archive)]
    command = Command(words, archive.parent, bare_environment() | {"SOURCE_DATE_EPOCH": "0"}, job.log)
    try:
        job.workshop.children.run(command, lambda _line: job.progress.step("making the Debian base image"))
    except ChildFailedError as error:
        raise ToolkitError(
            f"mmdebstrap failed: {error.tail.splitlines()[-1] if error.tail else error.what}",
            where=str(job.log),
            next_step="check that a Debian mirror answers: apt-get update",
        ) from error


def _import(archive: Path, name: str, tag: str) -> None:
    client = daemon()
    with archive.open("rb") as stream:
        client.import_image_from_data(stream, repository=name, tag=tag)
