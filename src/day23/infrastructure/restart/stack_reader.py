"""Asks the whole stack: implements `StackReader`."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from day23.application.ports import ServiceEngine
from day23.domain.errors import ToolkitError
from day23.domain.restart.run_state import RunState
from day23.domain.restart.samples import Sample
from day23.domain.restart.snapshot import Process, Snapshot, Target, service_of
from day23.domain.service_record import ServiceRecord
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.http_get import get
from day23.infrastructure.restart import host_reader
from day23.infrastructure.restart.alert_desk import AlertDesk
from day23.infrastructure.restart.grafana_reader import GrafanaReader
from day23.infrastructure.restart.loki_reader import LokiReader
from day23.infrastructure.restart.mongo_reader import MongoReader
from day23.infrastructure.restart.prometheus_reader import PrometheusReader

_PAGE_SECONDS = 5.0
_WATCHDOG = "butler_watchdog_timestamp_seconds "
_DAMAGED = {"prometheus": "prometheus_", "loki": "loki_", "collector": "otelcol_"}

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Desks:
    """Who is asked what."""

    prometheus: PrometheusReader
    loki: LokiReader
    alerts: AlertDesk
    mongo: MongoReader
    grafana: GrafanaReader | None


class LiveStackReader:
    """Asks the services of one stack root.

    Args:
        desks: Makes the desks whose answers go to a folder of this name.
        views: Returns whether each query of each panel has data.
    """

    def __init__(
        self,
        paths: StackPaths,
        engine: ServiceEngine,
        records: Callable[[], Sequence[ServiceRecord]],
        desks: Callable[[str], Desks],
        views: Callable[[], Mapping[str, bool]],
    ) -> None:
        self._paths = paths
        self._engine = engine
        self._records = records
        self._make_desks = desks
        self._views = views
        self._unanswered: list[str] = []

    @cached_property
    def _desks(self) -> Desks:
        return self._make_desks("run")

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What could not be asked in the last snapshot after the disruption, and why."""
        return tuple(self._unanswered)

    def snapshot(self, name: str, state: RunState) -> Snapshot:
        """Return what the stack answers now; after the disruption, silence is an answer, too.

        Raises:
            ToolkitError: Before the disruption a service does not answer.
        """
        self._unanswered = []
        tolerant = name != "before"
        desks = self._make_desks(name)
        found: dict[str, Any] = {}
        for section in (
            self._host,
            self._prometheus,
            self._loki,
            self._alerts,
            self._mongo,
            self._files,
            self._damage,
            self._grafana,
        ):
            try:
                found |= section(desks, state)
            except ToolkitError as error:
                if not tolerant:
                    raise
                self._unanswered.append(f"{section.__name__.strip('_')}: {error}")
        return Snapshot(**{"server_time": found.get("taken_at", 0.0), **found})

    def targets(self) -> Sequence[Target]:
        """Return the active scrape targets."""
        return self._desks.prometheus.targets()

    def heartbeats(self, name: str, until: float, span: float) -> Mapping[str, set[float]]:
        """Return when each target was scraped."""
        return self._desks.prometheus.heartbeats(name, until, span)

    def up(self, until: float, span: float) -> Mapping[str, Sequence[Sample]]:
        """Return the raw samples of `up` by target key."""
        return self._desks.prometheus.up(until, span)

    def watchdog_at(self) -> float | None:
        """Return when the Watchdog last reached the Butler sidecar."""
        page = self._page("butler_sidecar")
        found = [line.removeprefix(_WATCHDOG) for line in page.splitlines() if line.startswith(_WATCHDOG)]
        return float(found[0]) if found else None

    def notifications(self, run_id: str, since: float, until: float) -> Sequence[Mapping[str, Any]]:
        """Return the notifications about alerts of this run."""
        return self._desks.loki.notifications(run_id, since, until)

    def stored_lines(self, path: str, state: RunState, until: float) -> Sequence[int]:
        """Return the sequence numbers of one path's canary lines, as often as each is stored."""
        return self._desks.loki.canaries(path, state.run_id, state.started - 60, until)

    def stored_writes(self, run_id: str) -> Sequence[int]:
        """Return the sequence numbers of the run's documents."""
        return self._desks.mongo.written(run_id)

    def log_times(self, since: float, until: float) -> Mapping[str, Sequence[float]]:
        """Return when each service wrote its log lines inside the window, in the order of time."""
        return self._desks.loki.log_times(since, until)

    def _host(self, _desks: Desks, _state: RunState) -> dict[str, Any]:
        observed = self._engine.observe()
        processes = {name: Process(pid=one.pid, started_at=one.started_at) for name, one in observed.items()}
        return {
            "taken_at": time.time(),
            "boot_id": host_reader.boot_id(),
            "clock_source": host_reader.clock_source(),
            "processes": processes,
            "services": tuple(service_of(record) for record in self._applied()),
        }

    def _prometheus(self, desks: Desks, state: RunState) -> dict[str, Any]:
        asked = time.time()
        return {
            "server_time": desks.prometheus.server_time(),
            "taken_at": asked,
            "targets": desks.prometheus.targets(),
            "series": desks.prometheus.series(),
            "rules": desks.prometheus.rules(),
            "metrics": desks.prometheus.content(state.window_until, state.window_seconds),
        }

    def _loki(self, desks: Desks, state: RunState) -> dict[str, Any]:
        content, streams = desks.loki.window(state.window_until, state.window_seconds)
        return {"logs": content, "streams": streams, "views": dict(self._views())}

    def _alerts(self, desks: Desks, _state: RunState) -> dict[str, Any]:
        return {"silences": desks.alerts.silences()}

    def _mongo(self, desks: Desks, state: RunState) -> dict[str, Any]:
        collections, sentinel = desks.mongo.read(state.run_id)
        return {"collections": collections, "sentinel": sentinel}

    def _files(self, _desks: Desks, _state: RunState) -> dict[str, Any]:
        served = host_reader.served_textfiles(self._paths.textfiles, self._page("node_exporter"))
        return {"textfiles": served}

    def _damage(self, _desks: Desks, _state: RunState) -> dict[str, Any]:
        damage = {
            f"{service} {name}": value
            for service, prefix in _DAMAGED.items()
            for name, value in host_reader.counters(self._page(service), prefix).items()
        }
        return {"damage": damage}

    def _grafana(self, desks: Desks, _state: RunState) -> dict[str, Any]:
        if desks.grafana is None:
            return {}
        return {"dashboards": desks.grafana.dashboards(), "datasources": desks.grafana.datasources()}

    def _applied(self) -> list[ServiceRecord]:
        return [record for record in self._records() if record.state == "applied"]

    def _page(self, service: str) -> str:
        record = next((each for each in self._applied() if each.name == service), None)
        if record is None or record.metrics is None:
            raise ToolkitError(f"the stack runs no {service} with metrics", next_step="make day-23-up")
        address = record.endpoints[record.metrics.port]
        return get(f"http://{address}{record.metrics.path}", _PAGE_SECONDS).decode(errors="replace")
