"""What every service of the stack is doing right now."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from day23.application.ports import ServiceEngine
from day23.application.service_ports import ProbeMaker, ServiceRecords
from day23.domain.observed_service import Observed
from day23.domain.service_record import ServiceRecord


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One line of the table.

    Attributes:
        ready: Whether it answers its probe; None for a skipped service.
        endpoint: `host:port` of the port that it is probed at.
        uptime_seconds: Since the start of the main process; None when it does not run.
        memory_bytes: Resident memory of the service and its children.
        reason: Why it was skipped or is not ready.
    """

    service: str
    state: str
    ready: bool | None
    endpoint: str
    version: str
    pid: int | None
    uptime_seconds: float | None
    memory_bytes: int | None
    reason: str = ""


class StackStatus:
    """Joins the records with what the engine sees and what the probes say."""

    def __init__(
        self,
        engine: ServiceEngine,
        records: ServiceRecords,
        make_probe: ProbeMaker,
        resident_bytes: Callable[[int], int | None],
    ) -> None:
        self._engine = engine
        self._records = records
        self._make_probe = make_probe
        self._resident_bytes = resident_bytes

    def rows(self) -> tuple[StatusRow, ...]:
        """Return one row per service that was ever converged, by name."""
        records = self._records.load_all()
        observed = self._engine.observe()
        complaints = self._probe_all(records)
        return tuple(
            self._row(record, observed.get(record.name), complaint)
            for record, complaint in zip(records, complaints, strict=True)
        )

    def _probe_all(self, records: Sequence[ServiceRecord]) -> list[str | None]:
        if not records:
            return []
        with ThreadPoolExecutor(len(records)) as threads:
            return list(threads.map(self._complaint, records))

    def _complaint(self, record: ServiceRecord) -> str | None:
        if record.ready is None:
            return record.reason
        with closing(self._make_probe(record.ready, record.endpoints)) as probe:
            return probe.complaint()

    def _row(self, record: ServiceRecord, observed: Observed | None, complaint: str | None) -> StatusRow:
        if record.state == "skipped" or record.ready is None:
            return StatusRow(record.name, "skipped", None, "", "", None, None, None, record.reason)
        is_alive = observed is not None and observed.state.is_alive
        pid = observed.pid if observed else None
        started = observed.started_at if observed else None
        port = record.ready.tcp or record.ready.mongodb or record.ready.port
        return StatusRow(
            service=record.name,
            state=observed.state.value if observed else "stopped",
            ready=is_alive and complaint is None,
            endpoint=record.endpoints.get(port, ""),
            version=record.artifact.version if record.artifact else "",
            pid=pid,
            uptime_seconds=None if started is None else max(0.0, time.time() - started),
            memory_bytes=None if pid is None else self._resident_bytes(pid),
            reason=_reason(observed, complaint),
        )


def _reason(observed: Observed | None, complaint: str | None) -> str:
    if observed is not None and observed.state.is_alive:
        return complaint or ""
    return observed.detail if observed else ""
