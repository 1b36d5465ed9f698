"""Carry a whole database from one MongoDB to another, whatever their versions: dump, then load."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from day23.application.ports import Progress, ProgressState
from day23.domain.dump_manifest import DumpedCollection, DumpManifest
from day23.domain.errors import ToolkitError

_BATCH_DOCUMENTS = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch of documents.

    Attributes:
        inserted: Those that were not there before.
        unlike: Those whose id is there with other content, or that the server did not take.
    """

    inserted: int
    unlike: int


class DatabaseContents(Protocol):
    """One database; documents are whole and encoded as BSON."""

    def server_version(self) -> str:
        """Return the version of the server."""
        ...

    def collections(self) -> Sequence[str]:
        """Return the names of the collections that hold documents of ours, sorted."""
        ...

    def documents(self, collection: str) -> Iterator[bytes]:
        """Yield every document by its id, of all collections as they are at one moment."""
        ...

    def store(self, collection: str, documents: Sequence[bytes]) -> Stored:
        """Insert what is not there; what is there stays as it is."""
        ...


class DumpFolder(Protocol):
    """A dump on disk."""

    def begin(self) -> None:
        """Make the folder ready to be written; raise `ToolkitError` when it holds anything else."""
        ...

    def write(self, collection: str, documents: Iterable[bytes]) -> DumpedCollection:
        """Write one collection durably."""
        ...

    def finish(self, manifest: DumpManifest) -> None:
        """Make the folder a dump."""
        ...

    def manifest(self) -> DumpManifest:
        """Return the manifest of a finished dump; raise `ToolkitError` when there is none."""
        ...

    def refuse_damaged(self, manifest: DumpManifest) -> None:
        """Raise `ToolkitError` unless every file is as the manifest says."""
        ...

    def read(self, collection: str) -> Iterator[bytes]:
        """Yield the documents of one collection."""
        ...


@dataclass(frozen=True, slots=True)
class DumpDatabase:
    """Writes every collection of a database to a folder.

    Args:
        contents: The database.
        folder: Where the dump goes.
        database: Its name.
        toolkit_version: Of the toolkit that writes.
        progress: Told about each collection.
    """

    contents: DatabaseContents
    folder: DumpFolder
    database: str
    toolkit_version: str
    progress: Progress

    def run(self) -> DumpManifest:
        """Dump; return what was written.

        Raises:
            ToolkitError: The folder holds something else, or the database cannot be read.
        """
        self.folder.begin()
        manifest = DumpManifest(
            database=self.database,
            toolkit_version=self.toolkit_version,
            server_version=self.contents.server_version(),
            collections={name: self._dump(name) for name in self.contents.collections()},
        )
        self.folder.finish(manifest)
        return manifest

    def _dump(self, name: str) -> DumpedCollection:
        written = self.folder.write(name, self.contents.documents(name))
        self.progress.report(name, ProgressState.DONE, detail=f"{written.documents} documents")
        return written


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading came to, by collection.

    Attributes:
        inserted: Documents that were not in the database.
        already_there: Documents that the database had, with the same content.
    """

    inserted: dict[str, int]
    already_there: dict[str, int]


@dataclass(frozen=True, slots=True)
class LoadDatabase:
    """Brings the documents of a dump into a database and reads every one of them back.

    Loading again changes nothing, so an interrupted load is finished by the next one.

    Args:
        contents: The database.
        folder: The dump.
        database: The database's name.
        progress: Told about each collection.
    """

    contents: DatabaseContents
    folder: DumpFolder
    database: str
    progress: Progress

    def run(self) -> Loaded:
        """Load; return what was inserted.

        Raises:
            ToolkitError: The dump is unfinished, damaged or of another database, or the database has other
                documents under the same ids, which are kept.
        """
        manifest = self.folder.manifest()
        self._refuse_foreign(manifest)
        self.folder.refuse_damaged(manifest)
        stored = {name: self._load(name) for name in manifest.collections}
        unlike = {name: each.unlike for name, each in stored.items() if each.unlike}
        if unlike:
            raise _unlike(unlike)
        inserted = {name: each.inserted for name, each in stored.items()}
        totals = manifest.collections
        return Loaded(inserted, {name: totals[name].documents - inserted[name] for name in inserted})

    def _load(self, name: str) -> Stored:
        inserted = unlike = 0
        documents = self.folder.read(name)
        while batch := list(islice(documents, _BATCH_DOCUMENTS)):
            stored = self.contents.store(name, batch)
            inserted, unlike = inserted + stored.inserted, unlike + stored.unlike
        state = ProgressState.FAILED if unlike else ProgressState.DONE
        self.progress.report(name, state, detail=f"{inserted} documents inserted")
        return Stored(inserted, unlike)

    def _refuse_foreign(self, manifest: DumpManifest) -> None:
        if manifest.database != self.database:
            raise ToolkitError(
                f"the dump is of the database {manifest.database!r}, not {self.database!r}",
                where="manifest.json",
                next_step=f"set DB_NAME={manifest.database}, or name another dump",
            )


def _unlike(counts: dict[str, int]) -> ToolkitError:
    told = ", ".join(f"{count} of {name}" for name, count in counts.items())
    return ToolkitError(
        f"documents of the dump are in the database with other content: {told}; these were kept as they are",
        next_step="load into a stack that was not seeded: invoke day23.down --purge, invoke day23.up",
    )
