"""An engine and its surroundings in memory, for the use cases that converge, wait, stop and tell."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from day23.application.ports import ProgressState
from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.errors import ToolkitError
from day23.domain.observed_service import Observed, ServiceState
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_record import ServiceRecord
from day23.domain.service_spec import HostFile, Ready, ServiceSpec


def tiny_spec(**changes: Any) -> ServiceSpec:
    described: dict[str, Any] = {
        "name": "tiny",
        "artifact": {"name": "tiny", "version": "1", "path": "/bin/tiny"},
        "command": ["tiny", "{config}/tiny.conf"],
        "listen": {"http": 4000},
        "files": {"tiny.conf": "hello\n"},
        "ready": {"http": "/", "within": 0.2},
    }
    return ServiceSpec.model_validate(described | changes)


@dataclass
class Surroundings:
    """Implements every port of `ConvergePorts`; remembers in which order it was used."""

    journal: list[str] = field(default_factory=list)
    services: dict[str, Observed] = field(default_factory=dict)
    records: dict[str, ServiceRecord] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    scrape_targets: dict[str, str] = field(default_factory=dict)
    missing: str = ""
    said_by_checker: str | None = None
    reload_refusal: str = ""
    start_refusal: str = ""
    output: list[str] = field(default_factory=list)

    # the engine
    def observe(self) -> Mapping[str, Observed]:
        return dict(self.services)

    def start(self, service: ResolvedService) -> None:
        self.journal.append("start")
        if self.start_refusal:
            raise ToolkitError(self.start_refusal)
        state = Observed(service.name, ServiceState.RUNNING, 7, 1.0, service.core_hash, "")
        self.services[service.name] = state

    def stop(self, name: str, within: float) -> None:
        self.services[name] = replace(self.services[name], state=ServiceState.STOPPED, pid=None)

    def remove(self, name: str) -> None:
        self.journal.append("remove")
        self.services.pop(name, None)

    def logs(self, name: str, lines: int) -> list[str]:
        return self.output[-lines:]

    def shutdown(self) -> None:
        self.journal.append("shutdown")
        self.services.clear()

    # artefacts, files of the host, secrets, checker

    def refuse_other(self, file: HostFile) -> None:
        self.journal.append(f"verify {file.name}")

    def find_artifact(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        if self.missing:
            return Unavailable(artifact.name, self.missing, next_step="fetch it")
        binaries = {artifact.name: Path(f"/bin/{artifact.name}")}
        return ResolvedArtifact(artifact.name, artifact.version, "path", "d" * 64, binaries, {})

    def ensure(self, names: Iterable[str]) -> tuple[str, ...]:
        self.journal += [f"secret {name}" for name in names]
        return tuple(names)

    def complaint(self, service: ResolvedService) -> str | None:
        self.journal.append("check")
        return self.said_by_checker

    # the configuration folder
    def present(self, name: str, paths: Iterable[str]) -> Mapping[str, str]:
        return {path: self.contents[path] for path in paths if path in self.contents}

    @contextmanager
    def candidate_folder(self, name: str) -> Iterator[Path]:
        yield Path("/candidate")

    def write(self, service: ResolvedService) -> None:
        if service.config_dir != Path("/candidate"):
            self.journal.append("write")
            self.contents.update(service.files)


class Engine(Surroundings):
    """The part of the surroundings whose `reload` is a signal."""

    def reload(self, name: str, signal: str) -> None:
        self.journal.append(f"signal {signal}")


@dataclass
class Files:
    around: Surroundings

    def present(self, name: str, paths: Iterable[str]) -> Mapping[str, str]:
        return self.around.present(name, paths)

    def candidate_folder(self, name: str) -> Any:
        return self.around.candidate_folder(name)

    def write(self, service: ResolvedService) -> None:
        self.around.write(service)

    def remove(self, name: str, paths: Iterable[str]) -> None:
        for path in paths:
            self.around.journal.append(f"unlink {path}")
            self.around.contents.pop(path, None)

    def keep_rejected(self, name: str, candidate: Path) -> Path:
        return Path("/rejected")


@dataclass
class Records:
    around: Surroundings

    def load_all(self) -> tuple[ServiceRecord, ...]:
        return tuple(record for _, record in sorted(self.around.records.items()))

    def load(self, name: str) -> ServiceRecord | None:
        return self.around.records.get(name)

    def save(self, record: ServiceRecord) -> None:
        claim = record.state == "applied" and not record.core_hash
        self.around.journal.append("claim" if claim else "record")
        self.around.records[record.name] = record

    def delete(self, name: str) -> bool:
        return self.around.records.pop(name, None) is not None


@dataclass
class Targets:
    around: Surroundings

    def present(self, name: str) -> str | None:
        return self.around.scrape_targets.get(name)

    def write(self, name: str, text: str | None) -> None:
        self.around.scrape_targets.pop(name, None)
        if text is not None:
            self.around.scrape_targets[name] = text


@dataclass
class Reloader:
    around: Surroundings

    def reload(self, url: str, within: float) -> None:
        self.around.journal.append(f"POST {url}")
        if self.around.reload_refusal:
            raise ToolkitError(self.around.reload_refusal)


@dataclass
class FakeProbe:
    """Gives its answers one after the other and then the last one for ever."""

    answers: list[str | None]
    closed: bool = False

    def complaint(self) -> str | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def close(self) -> None:
        self.closed = True


class FakeProgress:
    """Remembers who reached which state."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, ProgressState]] = []

    def report(self, subject: str, state: ProgressState, **_: object) -> None:
        self.reports.append((subject, state))


def applied_record(name: str, within: float = 0.2) -> ServiceRecord:
    return ServiceRecord(
        name=name,
        state="applied",
        endpoints={"http": "127.0.0.1:4000"},
        ready=Ready(http=f"/{name}", within=within),
    )


def running(name: str) -> Observed:
    return Observed(name, ServiceState.RUNNING, 7, 1.0, "core", "")
