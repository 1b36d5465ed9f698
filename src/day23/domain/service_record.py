"""`ServiceRecord`: what the stack remembers of a service after it was converged."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from day23.domain.artifact import ResolvedArtifact
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_spec import Metrics, Ready, ServiceSpec, Stop


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RecordedArtifact(_Part):
    """Which program runs: version, SHA-256 and the source it came from."""

    name: str
    version: str
    digest: str
    source: str


class ServiceRecord(_Part):
    """One file of `run/services`; `status`, scrapers of the stack and later runs read it.

    Attributes:
        state: `skipped` for an optional service without an artefact, else `applied`.
        reason: Why it was skipped.
        endpoints: `host:port` by port name.
        core_hash: What the engine was last asked to start; empty while that is not known.
        files: SHA-256 by path of every configuration file that this service owns.
    """

    name: str
    state: Literal["applied", "skipped"]
    reason: str = ""
    artifact: RecordedArtifact | None = None
    endpoints: dict[str, str] = {}
    ready: Ready | None = None
    stop: Stop = Stop()
    metrics: Metrics | None = None
    core_hash: str = ""
    reload_hash: str = ""
    files: dict[str, str] = {}
    applied_at: datetime = Field(default_factory=lambda: datetime.now(UTC))

    def says_the_same(self, other: "ServiceRecord | None") -> bool:
        """Whether both differ at most in the time they were written."""
        return other is not None and self == other.model_copy(update={"applied_at": self.applied_at})

    def claiming(self, files: Iterable[str]) -> "ServiceRecord":
        """Return the record that owns `files` too and claims nothing about what runs or is in them."""
        owned = dict.fromkeys([*self.files, *files], "")
        return self.model_copy(update={"files": owned, "core_hash": "", "reload_hash": ""})


def applied(spec: ServiceSpec, service: ResolvedService, artifact: ResolvedArtifact) -> ServiceRecord:
    """Return the record of a service whose start was asked for."""
    return ServiceRecord(
        name=spec.name,
        state="applied",
        artifact=RecordedArtifact(
            name=artifact.name, version=artifact.version, digest=artifact.digest, source=artifact.source
        ),
        endpoints=dict(service.endpoints),
        ready=spec.ready,
        stop=spec.stop,
        metrics=spec.metrics,
        core_hash=service.core_hash,
        reload_hash=service.reload_hash,
        files={path: content_digest(content) for path, content in service.files.items()},
    )


def skipped(name: str, reason: str, known: ServiceRecord | None) -> ServiceRecord:
    """Return the record of an optional service that cannot run here; its files stay its own."""
    return ServiceRecord(name=name, state="skipped", reason=reason, files=known.files if known else {})


def content_digest(content: str) -> str:
    """Return the SHA-256 of a file's text."""
    return sha256(content.encode()).hexdigest()
