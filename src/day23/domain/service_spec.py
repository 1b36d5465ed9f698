"""`ServiceSpec`: the one schema of what a service role says about its service."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from day23.domain.artifact import Artifact, HostPath, Sha256

PLACEHOLDERS = ("bind", "config", "data", "logs", "run", "secrets", "metrics")
"""Words in braces that the driver replaces in commands, environment and rendered files."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")]
Port = Annotated[int, Field(ge=1024, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ready(_Part):
    """How to ask a service whether it serves: exactly one of `http`, `tcp`, `mongodb`.

    `http` is a path that answers 200 on port `port`; `tcp` names a port that accepts;
    `mongodb` names a port whose server is a writable primary. With `http`, `chat` names a model that must
    also answer a chat completion there: a server listens long before its model is loaded.
    """

    http: str | None = None
    chat: str | None = None
    port: str = "http"
    tcp: str | None = None
    mongodb: str | None = None
    within: Seconds = 60

    @model_validator(mode="after")
    def _exactly_one(self) -> "Ready":
        if sum(probe is not None for probe in (self.http, self.tcp, self.mongodb)) != 1:
            raise ValueError("give exactly one of http, tcp, mongodb")
        if self.chat and not self.http:
            raise ValueError("chat needs http")
        return self


class Stop(_Part):
    """How a service is asked to end, and how long it may take before it is killed."""

    signal: Literal["TERM", "INT", "QUIT"] = "TERM"
    within: Seconds = 30


class Reload(_Part):
    """How a running service re-reads `files`: an HTTP POST to `http`, or `signal`."""

    http: str | None = None
    port: str = "http"
    signal: Literal["HUP", "USR1", "USR2"] | None = None
    files: tuple[str, ...] = ()


class Metrics(_Part):
    """Where Prometheus finds the service's metrics and under which job."""

    job: str
    port: str = "http"
    path: str = "/metrics"
    scrape_interval: str | None = None


class Limits(_Part):
    """What the service may use on the host."""

    memory_mb: int | None = Field(default=None, ge=16)
    cpus: float | None = Field(default=None, gt=0)
    pids: int | None = Field(default=None, ge=8)


class HostFile(_Part):
    """A file or folder of the host that the service reads, such as a model; verified, never copied.

    Attributes:
        name: What the role's variables `<name>_path` and `<name>_sha256` begin with.
        path: Where it is; null until somebody says so, which refuses the service.
        sha256: Of the file; of a folder that of `find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum`.
    """

    name: Name
    path: HostPath | None
    sha256: Sha256 | None


class ServiceSpec(_Part):
    """One service as data; the same on every engine.

    Attributes:
        command: Words of the command line; the first names a binary of the artefact.
            `{config}`, `{data}` and the other `PLACEHOLDERS` become paths, `{bind}` the listen address.
        files: Rendered configuration by path relative to `{config}`.
        check: Command that validates the candidate configuration before it replaces the old one.
        host_files: What it reads of the host besides its configuration.
        gpus: How many NVIDIA cards it may use; -1 means all.
        state: Folders that must survive a restart.
        secrets: Names of the secret files that the service reads; made on first use.
        optional: Whether the stack is complete without it where no artefact can be had.
        unavailable_hint: What to tell the person when an optional service has no artefact.
    """

    name: Name
    artifact: Artifact
    command: tuple[str, ...] = Field(min_length=1)
    listen: dict[str, Port] = {}
    files: dict[str, str] = {}
    check: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    secrets: tuple[Name, ...] = ()
    host_files: tuple[HostFile, ...] = ()
    gpus: int = Field(default=0, ge=-1)
    state: tuple[Literal["data"], ...] = ()
    ready: Ready
    stop: Stop = Stop()
    reload: Reload = Reload()
    metrics: Metrics | None = None
    limits: Limits = Limits()
    optional: bool = False
    unavailable_hint: str = ""

    @model_validator(mode="after")
    def _ports_are_declared(self) -> "ServiceSpec":
        wanted = [self.ready.port if self.ready.http else self.ready.tcp or self.ready.mongodb]
        wanted += [self.metrics.port] if self.metrics else []
        wanted += [self.reload.port] if self.reload.http else []
        unknown = sorted({port for port in wanted if port and port not in self.listen})
        if unknown:
            raise ValueError(f"listen has no port named {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _reload_files_exist(self) -> "ServiceSpec":
        missing = sorted(set(self.reload.files) - set(self.files))
        if missing:
            raise ValueError(f"reload.files names unknown files: {', '.join(missing)}")
        return self
