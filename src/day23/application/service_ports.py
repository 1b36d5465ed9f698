"""What converging a service needs from the outside world, besides the engine."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_record import ServiceRecord
from day23.domain.service_spec import HostFile, Ready

ArtifactFinder = Callable[[Artifact], ResolvedArtifact | Unavailable]
"""Returns an artefact that is on this host, or why it is not; fetches nothing."""


class HostFiles(Protocol):
    """Files of the host that services read, such as models."""

    def refuse_other(self, file: HostFile) -> None:
        """Raise `ToolkitError` unless the file is there and has its checksum."""
        ...


class ServiceRecords(Protocol):
    """What the stack remembers of its services."""

    def load_all(self) -> tuple[ServiceRecord, ...]:
        """Return every record, by name."""
        ...

    def load(self, name: str) -> ServiceRecord | None:
        """Return the record of one service, or None when it was never converged."""
        ...

    def save(self, record: ServiceRecord) -> None:
        """Remember `record` durably."""
        ...

    def delete(self, name: str) -> bool:
        """Forget a service; return whether it was known."""
        ...


class SecretKeeper(Protocol):
    """Makes the secrets that a service reads."""

    def ensure(self, names: Iterable[str]) -> tuple[str, ...]:
        """Make the secrets that do not exist yet; return their names."""
        ...


class ServiceFiles(Protocol):
    """The configuration folders of the services."""

    def present(self, name: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Return the contents of those of `paths` that the service's folder has."""
        ...

    def candidate_folder(self, name: str) -> AbstractContextManager[Path]:
        """Give an empty folder beside the service's own that vanishes afterwards."""
        ...

    def write(self, service: ResolvedService) -> None:
        """Write every file of the service that differs, each either old or new."""
        ...

    def remove(self, name: str, paths: Iterable[str]) -> None:
        """Remove files of the service and folders that become empty by it."""
        ...

    def keep_rejected(self, name: str, candidate: Path) -> Path:
        """Keep a candidate that was refused where people can read it; return where."""
        ...


class ScrapeTargets(Protocol):
    """The target files that Prometheus discovers."""

    def present(self, name: str) -> str | None:
        """Return the target file of a service, or None."""
        ...

    def write(self, name: str, text: str | None) -> None:
        """Make the target file of a service say `text`; None removes it."""
        ...


class ConfigurationChecker(Protocol):
    """Runs a service's own validation command."""

    def complaint(self, service: ResolvedService) -> str | None:
        """Return what the checker says against the service's files, or None when it accepts them."""
        ...


class HttpReloader(Protocol):
    """Asks a running service over HTTP to read its files again."""

    def reload(self, url: str, within: float) -> None:
        """POST to `url`, waiting up to `within` seconds for the service to listen.

        Raises:
            ToolkitError: The service refuses, in its own words, or does not listen.
        """
        ...


class Probe(Protocol):
    """Asks one service over its real protocol whether it serves."""

    def complaint(self) -> str | None:
        """Return why the service is not ready, or None when it is; in two seconds, a model in twenty."""
        ...

    def close(self) -> None:
        """Drop the connection."""
        ...


ProbeMaker = Callable[[Ready, Mapping[str, str]], Probe]
"""Makes the probe of a service out of how to ask it and its endpoints by port name."""


class StackState(Protocol):
    """The files of a stack root, as a whole."""

    def present(self) -> tuple[Path, ...]:
        """Return the folders of the stack root that hold anything."""
        ...

    def purge(self) -> None:
        """Remove everything the stack owns, except locks that somebody may hold."""
        ...
