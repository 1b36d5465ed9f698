"""Release archives: download by pinned checksum, unpack."""

import hashlib
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from day23.domain.artifact import ArchiveSource
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.entry_binaries import add_binary
from day23.infrastructure.artifacts.fetch_job import FetchJob

_CHUNK_BYTES = 1 << 20
_TIMEOUT_SECONDS = 60.0


def download(source: ArchiveSource, job: FetchJob) -> Path:
    """Return the downloaded archive.

    Raises:
        ToolkitError: It cannot be reached, or has another checksum than the pinned one.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    target = job.folder / PurePosixPath(source.url).name
    try:
        digest = _copy(source.url, target, job)
    except OSError as error:
        raise ToolkitError(
            f"cannot download the archive: {error}",
            where=source.url,
            next_step="check the network and proxy settings, then run it again",
        ) from error
    if digest != source.sha256:
        raise ToolkitError(
            f"the archive has checksum {digest} instead of the pinned {source.sha256}",
            where=source.url,
            next_step="do not use that file; correct the URL or the checksum in the role's defaults",
        )
    return target


def _copy(url: str, target: Path, job: FetchJob) -> str:
    digest = hashlib.sha256()
    # The model admits https:// and file:// only, and the content is compared with a pinned checksum.
    with (
        urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as reply,  # noqa: S310  # nosec B310
        target.open("wb") as stream,
    ):
        while chunk := reply.read(_CHUNK_BYTES):
            job.workshop.children.check()
            digest.update(chunk)
            stream.write(chunk)
            job.progress.step(f"downloading {target.name}", done=stream.tell())
    return digest.hexdigest()


def unpack(archive: Path, source: ArchiveSource, staging: Path) -> Path:
    """Copy the named binaries into `staging` and return it.

    Raises:
        ToolkitError: The archive lacks one of them.
    """
    wanted = {path: name for name, path in source.binaries.items()}
    for path, content in _members(archive):
        stripped = "/".join(PurePosixPath(path).parts[source.strip_components :])
        if stripped in wanted:
            add_binary(staging, wanted.pop(stripped), content)
    if wanted:
        raise ToolkitError(
            f"the archive has no {', '.join(sorted(wanted))}",
            where=source.url,
            next_step="correct binaries or strip_components in the role's defaults",
        )
    return staging


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            for member in zipped.infolist():
                yield member.filename, zipped.open(member)
        return
    with tarfile.open(archive) as tarred:
        for entry in tarred:
            if content := tarred.extractfile(entry):
                yield entry.name, content
