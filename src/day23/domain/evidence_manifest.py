"""What a bundle of evidence consists of, and what it rests on, so that anyone can check it."""

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from day23.domain.export_manifest import Count, Sha256


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceFile(_Part):
    """A file of the bundle; the name is its path below the bundle's folder, with slashes."""

    name: Annotated[str, Field(min_length=1)]
    sha256: Sha256
    bytes: Count


class ChainLink(_Part):
    """A file elsewhere that the bundle rests on: the manifest of the export, what the seed left.

    Attributes:
        step: `export`, `seed`.
        path: Where it was.
    """

    step: str
    path: str
    sha256: Sha256


class EvidenceManifest(_Part):
    """The content of a bundle's `manifest.json`.

    Attributes:
        digest: SHA-256 over all the rest, so that a change of the manifest itself is found, too.
    """

    format: int = 1
    tool: str = "day23"
    tool_version: str
    files: tuple[EvidenceFile, ...]
    chain: tuple[ChainLink, ...] = ()
    digest: str = ""

    def sealed(self) -> "EvidenceManifest":
        """Return the manifest with its digest."""
        rest = self.model_dump(mode="json", exclude={"digest"})
        found = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
        return self.model_copy(update={"digest": found})

    def content(self) -> bytes:
        """Return the bytes of the file; there is one way to write a manifest."""
        return (json.dumps(self.model_dump(mode="json"), indent=2) + "\n").encode()
