"""Use case: accept an export only when it is complete and every byte is as its manifest says."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from day23.application.export_store import ExportStore, InspectedFile
from day23.application.ports import Collection, Telemetry
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import MANIFEST_NAME, ExportedFile, ExportManifest


class VerifyExportersUseCase:
    """Checks an export against its manifest and its records against the committed schemas."""

    def __init__(self, store: ExportStore, telemetry: Telemetry) -> None:
        self._store = store
        self._telemetry = telemetry

    def folder(self, folder: Path, expected: Iterable[Collection] = tuple(Collection)) -> ExportManifest:
        """Check an export folder.

        Args:
            folder: Holds `manifest.json` and what it lists.
            expected: The collections that must be there.

        Returns:
            The manifest, every line of which is true.

        Raises:
            ToolkitError: Anything is missing or differs; the message lists all of it.
        """
        return self._manifest(folder / MANIFEST_NAME, {collection.value for collection in expected})

    def file(self, data_file: Path) -> ExportedFile:
        """Check a single data file with the manifest beside it (links are followed).

        Raises:
            ToolkitError: There is no manifest, or the file is not what the manifest says.
        """
        resolved = data_file.resolve()
        manifest = self._store.manifest_of(resolved)
        found = self._store.manifest(manifest)
        entry = found.file(resolved.name)
        if entry is None:
            raise _refused([f"{resolved.name} is not listed"], manifest)
        self._accept(list(self._differences(found, entry, resolved.parent)), manifest)
        return entry

    def _manifest(self, path: Path, expected: set[str]) -> ExportManifest:
        manifest = self._store.manifest(path)
        with self._telemetry.span("export.verify", manifest=str(path)):
            missing = sorted(expected - {entry.exporter for entry in manifest.files})
            problems = [f"{name} was not exported" for name in missing]
            problems += [
                text for entry in manifest.files for text in self._differences(manifest, entry, path.parent)
            ]
            problems += [
                f"{report.name} is missing or was changed"
                for report in manifest.reports
                if self._store.report_sha256(path.parent / report.name) != report.sha256
            ]
            self._accept(problems, path)
        return manifest

    def _differences(self, manifest: ExportManifest, entry: ExportedFile, folder: Path) -> Iterator[str]:
        try:
            found = self._store.inspect(folder / entry.name, entry)
        except ToolkitError as error:
            yield f"{entry.name}: {error.what} {error.where}".rstrip()
            return
        yield from (f"{entry.name}: {text}" for text in _compare(entry, found))
        if found.record_schema != entry.record_schema:
            yield f"the schema changed:\n{self._store.drift(folder / entry.name, manifest)}\n"

    def _accept(self, problems: list[str], manifest: Path) -> None:
        if problems:
            self._telemetry.log("error", "export refused", manifest=str(manifest), problems=len(problems))
            raise _refused(problems, manifest)
        self._telemetry.log("info", "export verified", manifest=str(manifest))


def _compare(entry: ExportedFile, found: InspectedFile) -> Iterator[str]:
    if found.sha256 != entry.sha256:
        yield f"SHA-256 is {found.sha256[:12]}…, the manifest says {entry.sha256[:12]}…"
    if found.content_sha256 != entry.content_sha256:
        yield "the content hash differs"
    if (found.documents, found.bytes) != (entry.documents, entry.bytes):
        yield (
            f"{found.documents} documents in {found.bytes} bytes, "
            f"the manifest says {entry.documents} in {entry.bytes}"
        )
    if found.record_schema is None or entry.record_schema is None:
        return
    if found.record_schema != entry.record_schema:
        yield f"was validated against another version of {entry.record_schema.id}"
    if found.failed:
        yield f"{found.failed} records break {found.record_schema.id}"


def _refused(problems: list[str], manifest: Path) -> ToolkitError:
    return ToolkitError(
        "the export is refused: " + "; ".join(problems),
        where=str(manifest),
        next_step="export again; nobody edits an export by hand",
    )
