"""A dump as a folder of BSON files, the form that `bsondump` and `mongorestore` read too."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from day23.domain.dump_manifest import DumpedCollection, DumpManifest
from day23.domain.errors import ToolkitError
from day23.infrastructure.files import atomic_writer, make_private_folder, sync_folder, write_atomically

_MANIFEST = "manifest.json"
_SUFFIX = ".bson"
_LENGTH_BYTES = 4
_PRIVATE = 0o600


class BsonFolder:
    """Implements `DumpFolder`; files are readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder.with_name(f"{folder.name}.unfinished")

    def begin(self) -> None:
        """Make the folder that becomes the dump.

        Raises:
            ToolkitError: Something is there under the dump's name, or the folder cannot be made.
        """
        with _told(self._folder):
            if self._folder.exists() and any(self._folder.iterdir()):
                raise ToolkitError(
                    "the folder of the dump is not empty",
                    where=str(self._folder),
                    next_step="name another folder",
                )
            shutil.rmtree(self._unfinished, ignore_errors=True)
            make_private_folder(self._unfinished)

    def write(self, collection: str, documents: Iterable[bytes]) -> DumpedCollection:
        """Write one collection durably."""
        digest, count, size = hashlib.sha256(), 0, 0
        path = self._unfinished / f"{collection}{_SUFFIX}"
        with _told(path), atomic_writer(path, _PRIVATE) as stream:
            for document in documents:
                stream.write(document)
                digest.update(document)
                count, size = count + 1, size + len(document)
        return DumpedCollection(documents=count, size_bytes=size, sha256=digest.hexdigest())

    def finish(self, manifest: DumpManifest) -> None:
        """Write the manifest and give the folder its name."""
        with _told(self._folder):
            content = manifest.model_dump_json(indent=2) + "\n"
            write_atomically(self._unfinished / _MANIFEST, content, _PRIVATE)
            self._unfinished.rename(self._folder)
            sync_folder(self._folder.parent)

    def manifest(self) -> DumpManifest:
        """Return the manifest.

        Raises:
            ToolkitError: There is none, because the dump was interrupted or never made, or it is damaged.
        """
        path = self._folder / _MANIFEST
        try:
            return DumpManifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise ToolkitError(
                "there is no finished dump", where=str(path), next_step="invoke day23.dump --folder ..."
            ) from None
        except ValidationError:
            raise self._damaged(path.name) from None

    def refuse_damaged(self, manifest: DumpManifest) -> None:
        """Compare the checksum of every file with the manifest's."""
        for name, wanted in manifest.collections.items():
            path = self._file(name)
            with _told(path), path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
            if found != wanted.sha256:
                raise self._damaged(path.name)

    def read(self, collection: str) -> Iterator[bytes]:
        """Yield the documents; each begins with its own length."""
        path = self._file(collection)
        with _told(path), path.open("rb") as stream:
            while head := stream.read(_LENGTH_BYTES):
                yield head + _rest(stream, head)

    def _file(self, collection: str) -> Path:
        return self._folder / f"{collection}{_SUFFIX}"

    def _damaged(self, name: str) -> ToolkitError:
        return ToolkitError(
            f"{name} is not what the dump wrote",
            where=str(self._folder),
            next_step="copy the dump again, or make a new one",
        )


def _rest(stream: BinaryIO, head: bytes) -> bytes:
    return stream.read(int.from_bytes(head, "little") - _LENGTH_BYTES)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ToolkitError(
            f"the dump cannot be used: {error.strerror or error}",
            where=str(error.filename or path),
            next_step="check the folder's permissions and free space",
        ) from error
