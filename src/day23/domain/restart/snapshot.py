"""`Snapshot`: what a stack answered at one moment; the record is one, and so is what came back."""

from pydantic import BaseModel, ConfigDict, Field

from day23.domain.service_record import ServiceRecord


class Part(BaseModel):
    """A part of the record; what a newer version added is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Process(Part):
    """The main process of a service, as its engine sees it."""

    pid: int | None
    started_at: float | None


class Target(Part):
    """One scrape target and how often it is asked."""

    job: str
    instance: str
    interval_seconds: float

    @property
    def key(self) -> str:
        """Job and instance, as one word for tables."""
        return f"{self.job} {self.instance}"


class RuleGroup(Part):
    """One rule group; `last_evaluation` is in Unix seconds."""

    name: str
    rules: tuple[str, ...]
    healthy: bool
    last_evaluation: float


class Silence(Part):
    """One silence."""

    matchers: str
    ends_at: str
    active: bool


class Content(Part):
    """What a fixed window held: how much, and the SHA-256 of all of it in a fixed order."""

    items: int
    digest: str


class Service(Part):
    """What was converged: enough to probe it, restart it and say what it was."""

    name: str
    job: str = ""
    version: str = ""
    digest: str = ""
    ready_url: str = ""
    endpoints: dict[str, str] = Field(default_factory=dict)
    files: dict[str, str] = Field(default_factory=dict)


def service_of(record: ServiceRecord) -> Service:
    """Return what the stack's own record of a service says about it."""
    ready = record.ready
    probe = f"http://{record.endpoints[ready.port]}{ready.http}" if ready and ready.http else ""
    return Service(
        name=record.name,
        job=record.metrics.job if record.metrics else "",
        version=record.artifact.version if record.artifact else "",
        digest=record.artifact.digest if record.artifact else "",
        endpoints=record.endpoints,
        ready_url=probe,
        files=record.files,
    )


class Snapshot(Part):
    """What a stack answered.

    Attributes:
        taken_at: The checker's clock, Unix seconds.
        server_time: Prometheus' clock at the same moment.
        boot_id: Changes when the host boots.
        series: Samples of the last scrape by target key.
        collections: Documents by collection; the validation's own are left out.
        sentinel: Whether the document written before the disruption can be read.
        textfiles: Names of the metrics that node exporter serves out of each file.
        streams: Log streams of the fixed window.
        views: Whether each query of each panel had data, by `dashboard / panel / query`.
        dashboards: Uids in Grafana; None where no Grafana runs.
        damage: Counters of corruption and drops; they start at 0 with their process.
        metrics: Content of the fixed window in Prometheus.
        logs: Content of the fixed window in Loki.
    """

    taken_at: float
    server_time: float
    boot_id: str
    clock_source: str = ""
    services: tuple[Service, ...] = ()
    processes: dict[str, Process] = Field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    series: dict[str, int] = Field(default_factory=dict)
    rules: tuple[RuleGroup, ...] = ()
    silences: dict[str, Silence] = Field(default_factory=dict)
    collections: dict[str, int] = Field(default_factory=dict)
    sentinel: bool = False
    textfiles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    streams: tuple[str, ...] = ()
    views: dict[str, bool] = Field(default_factory=dict)
    dashboards: tuple[str, ...] | None = None
    datasources: tuple[str, ...] | None = None
    damage: dict[str, float] = Field(default_factory=dict)
    metrics: Content = Content(items=0, digest="")
    logs: Content = Content(items=0, digest="")

    @property
    def clock_offset(self) -> float:
        """Seconds by which the checker's clock is ahead of Prometheus'."""
        return self.taken_at - self.server_time
