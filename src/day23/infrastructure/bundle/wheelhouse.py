"""The locked Python packages as files, so that an environment can be made without an index."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from day23.application.ports import Progress, ProgressState
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.cache import ArtifactCache, CacheEntry, cache_key
from day23.infrastructure.artifacts.children import Children
from day23.infrastructure.artifacts.fetch_run import lone_job
from day23.infrastructure.artifacts.pip_download import download_wheels

_PIP = re.compile(r"^pip==\S+(?: \\\n +--hash=\S+)+", re.MULTILINE)


def python_version() -> str:
    """Return `major.minor` of the Python that the wheels are for."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


class CachedWheels:
    """Every wheel of `requirements-hosts.txt`, which holds the runtime's, and pip, which a host may lack.

    Args:
        cache: Keeps them as one entry.
        repository: Holds the lock files.
        progress: Told about the download.
    """

    def __init__(self, cache: ArtifactCache, repository: Path, progress: Progress) -> None:
        self._cache = cache
        self._repository = repository
        self._progress = progress

    @property
    def key(self) -> str:
        """Name of the cache entry: changes with the locks and with the version of Python."""
        return cache_key("wheels", python_version(), [self._lock().encode()])

    def ensure(self) -> Mapping[str, Path]:
        """Return the wheels, downloaded and checked against the lock unless they are here."""
        entry = self._cache.find(self.key) or self._download()
        wheels = sorted(entry.folder.glob("*.whl"))
        return {f"bundle/wheels/{path.name}": path for path in wheels}

    def _download(self) -> CacheEntry:
        with Children() as children, lone_job(self._cache, children, self._progress, "wheels") as job:
            with self._cache.claim(self.key, job.wait):
                if self._cache.find(self.key) is None:
                    self._cache.publish(self.key, download_wheels(self._lock(), python_version(), job))
            job.progress.end(ProgressState.DONE, f"fetched in {job.progress.seconds} s")
        entry = self._cache.find(self.key)
        if entry is None:
            raise ToolkitError("the wheels vanished from the cache", where=str(self._cache.folder))
        return entry

    def _lock(self) -> str:
        pip = _PIP.search((self._repository / "requirements-dev.txt").read_text(encoding="utf-8"))
        if pip is None:
            raise ToolkitError("pip is not locked", where="requirements-dev.txt", next_step="make lock")
        return (self._repository / "requirements-hosts.txt").read_text(encoding="utf-8") + pip.group(0) + "\n"
