"""Reading a bundle: the archive as it was written, or the folder that it was unpacked to."""

import hashlib
import io
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import zstandard
from pydantic import ValidationError

from day23.application.ports import Progress, ProgressState
from day23.domain.bundle_manifest import ROOT, BundledEntry, BundleManifest
from day23.domain.errors import ToolkitError, UsageError
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.bundle.bundle_archive import CHECKSUMS, MANIFEST
from day23.infrastructure.bundle.wheelhouse import CachedWheels

_CHUNK_BYTES = 1 << 20
_WHEELS = "bundle/wheels/"
_COPY_AGAIN = "copy the bundle again and compare it with its .sha256 file"

Members = Iterator[tuple[str, IO[bytes]]]


class BundleSource:
    """Implements `BundleLoader`.

    Args:
        path: The archive, or its unpacked folder.
        cache: Takes what is loaded.
        wheels: Names the cache entry of the wheels.
        progress: Told how far reading is.
    """

    def __init__(self, path: Path, cache: ArtifactCache, wheels: CachedWheels, progress: Progress) -> None:
        self._path = path
        self._cache = cache
        self._wheels = wheels
        self._progress = progress

    def manifest(self) -> BundleManifest:
        """Return what the bundle says about itself; it is the first member."""
        members = self._members()  # held on to: its end closes the file
        with _faults_told(self._path), suppress(ValidationError, StopIteration):
            name, stream = next(members)
            if name == MANIFEST:
                return BundleManifest.model_validate_json(stream.read())
        raise UsageError(
            "this is no bundle, or one of another version of the toolkit",
            where=str(self._path),
            next_step="name a file that invoke day23.bundle has written",
        )

    def verify(self) -> None:
        """Compare every checksum."""
        self._read(lambda _name: None)

    def load(self, manifest: BundleManifest) -> Sequence[str]:
        """Verify everything on the way to a workshop, then publish what the cache lacks."""
        new = [entry for entry in manifest.entries if self._cache.find(entry.key) is None]
        wanted = {entry.file for entry in new}
        take_wheels = self._cache.find(self._wheels.key) is None
        with _space_told(self._cache.folder), self._cache.workshop() as workshop:

            def target(name: str) -> Path | None:
                is_wheel = name.startswith(_WHEELS) and "/" not in name.removeprefix(_WHEELS)
                return workshop / name if name in wanted or (take_wheels and is_wheel) else None

            self._read(target)
            with _faults_told(self._path):
                for entry in new:
                    self._publish(entry, workshop)
            if take_wheels and (workshop / _WHEELS).is_dir():
                self._cache.publish(self._wheels.key, workshop / _WHEELS)
        return [entry.key for entry in new]

    def _publish(self, entry: BundledEntry, workshop: Path) -> None:
        staging = workshop / "unpacked" / entry.key
        _unpack(workshop / entry.file, staging)
        (workshop / entry.file).unlink()
        with self._cache.claim(entry.key, lambda _reason: None):
            self._cache.publish(entry.key, staging)
        found = self._cache.find(entry.key)
        if found is None or found.digest != entry.digest:
            raise _damaged(entry.file, self._path)
        self._progress.report(entry.key, ProgressState.DONE, detail="loaded")

    def _read(self, target: Callable[[str], Path | None]) -> None:
        """Hash every member; copy those that `target` gives a place."""
        with _faults_told(self._path):
            expected, members = _checksums(self._members(), self._path)
            total = len(expected)
            for name, stream in members:
                if expected.pop(name, None) != _copy(stream, target(name)):
                    raise _damaged(name, self._path)
                self._report(total - len(expected), total)
            if expected:
                raise _damaged(next(iter(expected)), self._path)
        self._progress.report(self._path.name, ProgressState.DONE, detail="checksums match")

    def _report(self, done: int, total: int) -> None:
        self._progress.report(self._path.name, ProgressState.RUNNING, done=done, total=total)

    def _members(self) -> Members:
        return _of_folder(self._path) if self._path.is_dir() else _of_archive(self._path)


@contextmanager
def _faults_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise ToolkitError(
            f"the bundle is damaged or cut short: {error}", where=str(path), next_step=_COPY_AGAIN
        ) from error
    except FileNotFoundError as error:
        raise UsageError(
            "there is no such bundle", where=str(error.filename), next_step="correct --bundle"
        ) from error


def _checksums(members: Members, path: Path) -> tuple[dict[str, str], Members]:
    """Return checksums by name, and the members to be compared, the manifest first."""
    try:
        first, stream = next(members)
        manifest = hashlib.sha256(stream.read()).hexdigest()
        second, stream = next(members)
        lines = [line.split("  ", 1) for line in stream.read().decode().splitlines()]
        expected = {name: digest for digest, name in lines}
    except (StopIteration, ValueError):
        raise _damaged(CHECKSUMS, path) from None
    if (first, second) != (MANIFEST, CHECKSUMS) or expected.pop(MANIFEST, None) != manifest:
        raise _damaged(MANIFEST, path)
    return expected, members


def _of_archive(path: Path) -> Members:
    with tarfile.open(path, "r|") as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is not None:
                yield entry.name.removeprefix(f"{ROOT}/"), content


def _of_folder(folder: Path) -> Members:
    listing = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    names = [line.split("  ", 1)[-1] for line in listing]
    for name in [MANIFEST, CHECKSUMS, *(name for name in names if name != MANIFEST)]:
        with (folder / name).open("rb") as stream:
            yield name, stream


def _copy(stream: IO[bytes], target: Path | None) -> str:
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with (target or Path("/dev/null")).open("wb") as copy:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _unpack(packed: Path, staging: Path) -> None:
    """Unpack regular files that stay inside `staging`; a bundle has no others."""
    with (
        packed.open("rb") as stream,
        zstandard.ZstdDecompressor().stream_reader(stream) as content,
        tarfile.open(fileobj=content, mode="r|") as archive,
    ):
        for entry in archive:
            target = (staging / entry.name).resolve()
            if not entry.isreg() or not target.is_relative_to(staging.resolve()):
                raise tarfile.ExtractError(f"{entry.name} is no file of an artefact")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as copy:
                shutil.copyfileobj(archive.extractfile(entry) or io.BytesIO(), copy, _CHUNK_BYTES)
            target.chmod(entry.mode)


@contextmanager
def _space_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        free = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free
        raise ToolkitError(
            f"the bundle cannot be loaded: {error.strerror or error}",
            where=f"{folder}, {free // 1_000_000} MB free",
            next_step="free some space there, or set DAY23_CACHE_DIR to a larger disk, and type it again",
        ) from error


def _damaged(what: str, path: Path) -> ToolkitError:
    return ToolkitError(
        f"the bundle is damaged: {what} does not have its checksum", where=str(path), next_step=_COPY_AGAIN
    )
