"""The poller: asks every service and the engine whether they are there, and notes every change."""

import threading
from collections.abc import Callable, Iterable, Mapping

from day23.application.ports import ServiceEngine
from day23.application.service_ports import ProbeMaker
from day23.domain.errors import ToolkitError
from day23.domain.restart.timeline import ServiceTimes
from day23.domain.service_record import ServiceRecord
from day23.infrastructure.restart.ledger_file import LedgerFile

_PROBE_SECONDS = 0.1
_ENGINE_SECONDS = 0.2


class Poller:
    """Looks until it is told to end.

    Args:
        moment: The clock of the looks.
    """

    def __init__(
        self,
        records: Iterable[ServiceRecord],
        make_probe: ProbeMaker,
        engine: ServiceEngine,
        ledger: LedgerFile,
        moment: Callable[[], float],
    ) -> None:
        self._make_probe = make_probe
        self._engine = engine
        self._ledger = ledger
        self._moment = moment
        self._over = threading.Event()
        self._answers: dict[str, bool | None] = {}
        self._threads = [
            threading.Thread(target=self._probe, args=(record,), daemon=True)
            for record in records
            if record.state == "applied" and record.ready
        ] + [threading.Thread(target=self._observe, daemon=True)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """End."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _probe(self, record: ServiceRecord) -> None:
        if record.ready is None:
            return
        while not self._over.wait(_PROBE_SECONDS):
            probe = self._make_probe(record.ready, record.endpoints)
            asked, answers = self._moment(), probe.complaint() is None
            probe.close()
            if answers is not self._answers.get(record.name):
                moment = self._moment() if answers else asked
                self._ledger.note(moment=moment, service=record.name, answers=answers)
                self._answers[record.name] = answers

    def _observe(self) -> None:
        known: dict[str, int | None] = {}
        while not self._over.wait(_ENGINE_SECONDS):
            for name, pid in self._pids().items():
                if known.get(name, -1) != pid:
                    self._ledger.note(moment=self._moment(), service=name, pid=pid)
                    self._answers[name] = None  # a restart may be over between two probes
                    known[name] = pid

    def _pids(self) -> Mapping[str, int | None]:
        try:
            return {name: one.pid for name, one in self._engine.observe().items()}
        except ToolkitError:
            return {}


def service_times(looks: Iterable[Mapping[str, object]], stopped: float) -> dict[str, ServiceTimes]:
    """Return when each service went down and came back after `stopped`, out of the poller's changes."""
    times: dict[str, ServiceTimes] = {}
    for look in looks:
        name, moment = str(look["service"]), float(str(look["moment"]))
        known = times.get(name, ServiceTimes())
        if moment < stopped:
            continue
        change: dict[str, float | None] = {}
        if look.get("answers") is False:
            change = {"down": known.down or moment, "ready": None}
        elif look.get("answers") is True:
            change = {"ready": moment}
        elif "pid" in look:
            up = moment if look["pid"] else known.process_up
            change = {"process_up": up, "down": known.down or moment}
        times[name] = known.model_copy(update=change)
    return times
