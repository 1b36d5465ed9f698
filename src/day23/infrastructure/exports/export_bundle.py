"""One export being written: data first, the manifest last."""

import glob
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from day23.application.export_store import ExportPart, ExportTarget, ReadPart
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import (
    ExportedFile,
    ExportManifest,
    FileValidation,
    ReportFile,
    SchemaValidation,
)
from day23.infrastructure.exports.latest_link import point_latest
from day23.infrastructure.exports.manifest_file import (
    file_sha256,
    read_manifest,
    read_validation,
    to_json,
)
from day23.infrastructure.exports.part_files import PartFiles, WrittenPart
from day23.infrastructure.exports.part_workers import run_parts
from day23.infrastructure.files import sync_folder, write_atomically

_Entry = TypeVar("_Entry", ExportedFile, FileValidation)


class FileBundle:
    """Implements `ExportBundle` on files that replace their predecessors only on `commit`.

    Args:
        work: Where parts stand until `commit`.
    """

    def __init__(self, target: ExportTarget, work: PartFiles, tool_version: str) -> None:
        self._target = target
        self._work = work
        self._tool_version = tool_version
        self._files: list[ExportedFile] = []
        self._validations: list[FileValidation] = []

    def interrupted_moment(self) -> str | None:
        """Return the moment at which a killed export was reading."""
        return self._work.moment()

    def add(self, parts: Sequence[ExportPart], read: ReadPart, processes: int = 1) -> Iterator[ExportedFile]:
        """Write parts beside their final place; those that a killed export finished are taken over."""

        def write(part: ExportPart) -> WrittenPart:
            return self._work.taken_over(part) or self._work.write(part, read(part))

        for written in run_parts(parts, write, processes):
            self._files.append(written.file)
            if written.validation:
                self._validations.append(written.validation)
            yield written.file

    def commit(self) -> ExportManifest:
        """Replace the data, then the validation report, then the manifest, then the links.

        The earlier manifest goes first: there is never a manifest that speaks of other bytes.
        """
        self._refuse_failures()
        earlier = self._earlier()
        files, validations = self._with_untouched_files(earlier)
        unchanged = {(entry.name, entry.sha256) for entry in earlier}
        if any((entry.name, entry.sha256) not in unchanged for entry in self._files):
            self._withdraw_manifest()
        self._publish()
        self._remove_superseded(earlier, files)
        self._write(self._target.validation, SchemaValidation(files=validations))
        self._failed_report.unlink(missing_ok=True)
        manifest = self._manifest(files)
        self._write(self._target.manifest, manifest)
        self._point_links()
        self._work.clear()
        return manifest

    def _withdraw_manifest(self) -> None:
        self._path(self._target.manifest).unlink(missing_ok=True)
        sync_folder(self._target.folder)

    def _publish(self) -> None:
        for entry in self._files:
            self._remove_leftovers(entry.name)
            self._work.path(entry.name).replace(self._path(entry.name))
        sync_folder(self._target.folder)

    def _remove_superseded(self, earlier: Sequence[ExportedFile], files: Sequence[ExportedFile]) -> None:
        """Remove the parts of an earlier export of the same collection that had more of them."""
        kept = {entry.name for entry in files}
        for entry in earlier:
            if entry.name not in kept and entry.exporter in {new.exporter for new in self._files}:
                self._path(entry.name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._target.folder / name

    def _write(self, name: str, content: BaseModel) -> None:
        self._remove_leftovers(name)
        write_atomically(self._path(name), to_json(content))

    def _remove_leftovers(self, name: str) -> None:
        """Remove temporary files that a killed export left; the lock says that nobody writes them now."""
        for leftover in self._target.folder.glob(f".{glob.escape(name)}.*.tmp"):
            leftover.unlink()

    @property
    def _failed_report(self) -> Path:
        return self._path(f"failed.{self._target.validation}")

    def _refuse_failures(self) -> None:
        failed = [entry for entry in self._validations if entry.failed]
        if not failed:
            return
        write_atomically(self._failed_report, to_json(SchemaValidation(files=tuple(self._validations))))
        first = failed[0].failures[0]
        raise ToolkitError(
            f"{sum(entry.failed for entry in failed)} records break their schema; nothing was exported",
            where=f"{failed[0].name}, record {first.line} ({first.sample_id}): {first.field} {first.message}",
            next_step=f"read {self._failed_report}, repair the documents, export again",
        )

    def _with_untouched_files(
        self, earlier: Sequence[ExportedFile]
    ) -> tuple[tuple[ExportedFile, ...], tuple[FileValidation, ...]]:
        """Add what an earlier export of the same folder holds and this one does not write."""
        rewritten = {entry.exporter for entry in self._files}
        files = {entry.name: entry for entry in earlier if entry.exporter not in rewritten}
        report = read_validation(self._path(self._target.validation)) or SchemaValidation(files=())
        validations = {entry.name: entry for entry in report.files if entry.name in files}
        files = {name: entry for name, entry in files.items() if name in validations}
        files |= {entry.name: entry for entry in self._files}
        validations |= {entry.name: entry for entry in self._validations}
        return _by_name(files), _by_name(validations)

    def _earlier(self) -> Sequence[ExportedFile]:
        path = self._path(self._target.manifest)
        earlier = read_manifest(path) if path.is_file() else None
        if earlier is None or earlier.tool_version != self._tool_version:
            return ()
        return [entry for entry in earlier.files if file_sha256(self._path(entry.name)) == entry.sha256]

    def _manifest(self, files: tuple[ExportedFile, ...]) -> ExportManifest:
        validation = self._target.validation
        report = ReportFile(name=validation, sha256=file_sha256(self._path(validation)))
        return ExportManifest(tool_version=self._tool_version, files=files, reports=(report,))

    def _point_links(self) -> None:
        """Point each dataset's link to the newest part, where samples are what was exported."""
        newest = {entry.dataset_id: entry for entry in reversed(self._files) if entry.lines == "records"}
        if self._target.links is not None:
            for entry in newest.values():
                point_latest(self._target.links, entry.dataset_id, self._path(entry.name))


def _by_name(entries: Mapping[str, _Entry]) -> tuple[_Entry, ...]:
    return tuple(entries[name] for name in sorted(entries))
