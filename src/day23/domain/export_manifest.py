"""The manifest of an export: written last, so that whoever holds one holds a complete export."""

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from day23.domain.window import Window

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]

MANIFEST_NAME = "manifest.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExportedWindow(_Part):
    """The half-open window of whole UTC days that was asked for."""

    start: AwareDatetime
    end: AwareDatetime

    @classmethod
    def of(cls, window: Window | None) -> Self | None:
        """Return the window as the manifest shows it."""
        return None if window is None else cls(start=window.start, end=window.end)


class ExportedQuery(_Part):
    """Which documents were asked for; null means no restriction."""

    window: ExportedWindow | None = None
    channel: str | None = None
    language: str | None = None
    limit: int | None = None


class SchemaReference(_Part):
    """The JSON Schema every line was validated against."""

    id: str
    sha256: Sha256


class ExportedFile(_Part):
    """One data file of an export.

    Attributes:
        name: File name in the manifest's folder.
        exporter: The collection it came from.
        sha256: Over the bytes of the file.
        content_sha256: Over the lines without measured fields (latency, judge scores): equal on two
            machines that hold the same content.
        provenance: Documents by provenance.
        lines: Benchmark samples, or stored documents as Extended JSON, which have no schema.
    """

    name: Annotated[str, Field(pattern=r"^[^/\\]+$")]
    exporter: str
    dataset_id: str
    sha256: Sha256
    content_sha256: Sha256
    bytes: Count
    documents: Count
    provenance: dict[str, Count]
    query: ExportedQuery
    lines: Literal["records", "extended"] = "records"
    record_schema: SchemaReference | None = Field(default=None, alias="schema")


class ReportFile(_Part):
    """A file that describes the export, such as the schema validation report."""

    name: Annotated[str, Field(pattern=r"^[^/\\]+$")]
    sha256: Sha256


class ExportManifest(_Part):
    """What a complete export consists of."""

    format: int = 1
    tool: str = "day23"
    tool_version: str
    files: tuple[ExportedFile, ...]
    reports: tuple[ReportFile, ...] = ()

    def file(self, name: str) -> ExportedFile | None:
        """Return the entry of the data file `name`."""
        return next((entry for entry in self.files if entry.name == name), None)


class SchemaFailure(_Part):
    """One record that breaks its schema.

    Attributes:
        line: Position among the records read, from 1.
    """

    line: int
    sample_id: str
    field: str
    rule: str
    message: str


class FileValidation(_Part):
    """How the records of one file fared against their schema; at most 100 failures are listed.

    Attributes:
        snapshot: The schema itself, so that a later version can be told apart by a diff.
    """

    name: str
    record_schema: SchemaReference = Field(alias="schema")
    snapshot: dict[str, Any] = Field(default_factory=dict)
    records: Count
    failed: Count
    failures: tuple[SchemaFailure, ...] = ()


class SchemaValidation(_Part):
    """The content of `schema_validation.json`."""

    files: tuple[FileValidation, ...]
