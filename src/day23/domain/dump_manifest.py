"""What a finished dump of the database says of itself."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DumpedCollection(_Part):
    """One file of a dump: its documents, one after the other, as BSON and in the order of their ids."""

    documents: int
    size_bytes: int
    sha256: str


class DumpManifest(_Part):
    """`manifest.json` of a dump; written last, so a folder without it is no dump.

    Attributes:
        collections: By name; the file of each is `<name>.bson`.
    """

    schema_version: Literal[1] = 1
    database: str
    toolkit_version: str
    server_version: str
    collections: dict[str, DumpedCollection]
