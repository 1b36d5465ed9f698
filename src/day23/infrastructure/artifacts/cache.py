"""The folder of finished artefacts: content-addressed entries that appear whole or not at all."""

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from day23.domain.errors import LockedError
from day23.infrastructure.artifacts.checksums import ChecksumMemo, combined_sha256, file_sha256
from day23.infrastructure.files import sync_folder, write_atomically
from day23.infrastructure.locks import exclusive_lock

_MANIFEST = "manifest.json"
_LOCK_POLL_SECONDS = 1.0
_SWEEP_WAIT_SECONDS = 300.0


class _Manifest(BaseModel):
    """What an entry consists of: SHA-256 by path relative to the entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A finished entry whose files have the checksums that were recorded when it was made."""

    folder: Path
    digest: str


class ArtifactCache:
    """Entries under `artifacts/`, locks under `locks/`, unfinished work under `work/`.

    An entry is prepared in a workshop and renamed into place, so that a run that is killed leaves
    a workshop behind, which the next one removes, and never half an entry.

    Args:
        folder: The cache; made when something is first put into it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checksums = ChecksumMemo(folder / "checksums")
        self._work = folder / "work"

    def find(self, key: str) -> CacheEntry | None:
        """Return the entry, or None when it is absent or no longer what was put in."""
        folder = self._entry(key)
        try:
            manifest = _Manifest.model_validate_json((folder / _MANIFEST).read_bytes())
            intact = all(self.checksums.sha256(folder / name) == sha for name, sha in manifest.files.items())
        except (OSError, ValidationError):
            return None
        return CacheEntry(folder, combined_sha256(manifest.files)) if intact else None

    @property
    def entries(self) -> Path:
        """Folder of the finished entries, one folder each by its key."""
        return self.folder / "artifacts"

    def files(self, key: str) -> dict[str, Path]:
        """Return the files of an entry that `find` found, sorted by their path in it."""
        folder = self._entry(key)
        manifest = _Manifest.model_validate_json((folder / _MANIFEST).read_bytes())
        return {name: folder / name for name in sorted(manifest.files)}

    def publish(self, key: str, staging: Path) -> None:
        """Make the folder `staging` the entry `key`, durably; a damaged older one is replaced."""
        files = sorted(path for path in staging.rglob("*") if path.is_file())
        for path in files:
            _sync_file(path)
        manifest = _Manifest(files={str(path.relative_to(staging)): file_sha256(path) for path in files})
        write_atomically(staging / _MANIFEST, manifest.model_dump_json(indent=2) + "\n")
        target = self._entry(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.rmtree(target)
        staging.rename(target)
        sync_folder(target.parent)

    @contextmanager
    def claim(self, key: str, waiting: Callable[[str], None]) -> Iterator[None]:
        """Hold the right to make `key`, so that two stacks fetch it once.

        Args:
            key: The entry to be made.
            waiting: Called about once a second with a line that names the holder; may raise to give up.
        """
        with ExitStack() as stack:
            while True:
                lock = exclusive_lock(
                    self.folder / "locks" / f"{key}.lock", f"fetch {key}", _LOCK_POLL_SECONDS
                )
                try:
                    stack.enter_context(lock)
                    break
                except LockedError as error:
                    waiting(error.what)
            yield

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """Give a temporary folder on the cache's file system."""
        with ExitStack() as stack:
            with self._sweeping():
                folder = Path(tempfile.mkdtemp(dir=self._work))
                stack.enter_context(exclusive_lock(_lock_of(folder), "fetch artefacts"))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                _lock_of(folder).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the workshops that killed runs left behind; they hold gigabytes."""
        if any(path.is_dir() for path in self._work.glob("*")):
            with self._sweeping():
                _sweep(self._work)

    def _sweeping(self) -> AbstractContextManager[None]:
        return exclusive_lock(self._work / "sweep.lock", "prepare a workshop", _SWEEP_WAIT_SECONDS)

    def _entry(self, key: str) -> Path:
        return self.entries / key


def cache_key(name: str, version: str, recipe: Iterable[bytes]) -> str:
    """Return a readable key that changes with anything in `recipe` and with the processor."""
    digest = hashlib.sha256(platform.machine().encode())
    for part in recipe:
        digest.update(hashlib.sha256(part).digest())
    return f"{name}-{version}-{digest.hexdigest()[:16]}"


def _sweep(work: Path) -> None:
    for folder in work.iterdir():
        if folder.is_dir():
            try:
                with exclusive_lock(_lock_of(folder), "remove an abandoned workshop"):
                    shutil.rmtree(folder, ignore_errors=True)
            except LockedError:
                continue
            _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
