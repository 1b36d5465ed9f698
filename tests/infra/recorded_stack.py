"""A live stack as its own host's shell sees it, and the record of what must be there."""

import json
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from day23.domain.restart.snapshot import service_of
from day23.domain.service_record import ServiceRecord
from day23.domain.stack_identity import StackIdentity
from day23.domain.stack_words import StackWords

_DEFAULT_INTERVAL = 15.0


@dataclass(frozen=True)
class StackFiles:
    """What the folder of a stack says about it."""

    host: Any
    root: str

    def inventory(self) -> dict[str, Any] | None:
        """Return what the last validation recorded, else what was brought up; None where no stack is."""
        recorded = self.host.file(f"{self.root}/run/restart_inventory.json")
        if recorded.exists:
            return dict(json.loads(recorded.content_string))
        folder = self.host.file(f"{self.root}/run/services")
        return self._brought_up(folder.listdir()) if folder.exists else None

    def words(self) -> StackWords | None:
        """Return how the stack was brought up; None where nobody noted it."""
        made = self.host.file(f"{self.root}/run/stack.json")
        return StackIdentity.model_validate_json(made.content_string).words if made.exists else None

    def _brought_up(self, names: list[str]) -> dict[str, Any]:
        texts = [self.host.file(f"{self.root}/run/services/{name}").content_string for name in names]
        known = [ServiceRecord.model_validate_json(text) for text in texts]
        records = [record for record in known if record.state == "applied"]
        targets = [
            {
                "job": record.metrics.job,
                "instance": record.endpoints[record.metrics.port],
                "interval_seconds": _DEFAULT_INTERVAL,
            }
            for record in records
            if record.metrics
        ]
        return {"services": [service_of(record).model_dump() for record in records], "targets": targets}


@dataclass(frozen=True)
class LiveStack:
    """Asks the services of one host as its own shell would."""

    host: Any
    inventory: dict[str, Any]
    words: StackWords

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        return {service["name"]: service for service in self.inventory["services"]}

    def recorded(self, part: str) -> Any:
        """Return a part of the inventory that only a validation records; skips the test without one."""
        if part not in self.inventory:
            told = f"no {part} are recorded; record them: invoke day23.validate"
            pytest.skip(self.words.completed(told))
        return self.inventory[part]

    def address(self, service: str, port: str = "http") -> str:
        return str(self.services[service]["endpoints"][port])

    def get(self, url: str) -> str | None:
        """Return the body of a 2xx answer; None when there is none."""
        answer = self.host.run(f"curl -fsS --noproxy '*' --max-time 5 {shlex.quote(url)}")
        return str(answer.stdout) if answer.rc == 0 else None

    def accepts(self, address: str) -> bool:
        where, _, port = address.rpartition(":")
        return int(self.host.run(f"timeout 3 bash -c '</dev/tcp/{where}/{port}'").rc) == 0

    def silent(self) -> list[str]:
        """Return the services that do not answer."""
        return [name for name, service in self.services.items() if not self._is_ready(service)]

    def _is_ready(self, service: dict[str, Any]) -> bool:
        if service["ready_url"]:
            return self.get(service["ready_url"]) is not None
        return all(map(self.accepts, service["endpoints"].values()))

    def ask(self, service: str, path: str, **query: str) -> Any:
        """Return the JSON answer of a service; fails the test, naming the service, without one."""
        words = f"?{urlencode(query)}" if query else ""
        return json.loads(self._answer(service, f"{path}{words}"))

    def metrics(self, service: str) -> str:
        """Return what a service shows to Prometheus; fails the test, naming the service, without it."""
        return self._answer(service, "/metrics")

    def _answer(self, service: str, path: str) -> str:
        body = self.get(f"http://{self.address(service)}{path}")
        if body is None:
            where = f"{self.address(service)}{path.split('?')[0]}"
            self.expect_none([f"{service}: nothing answers at {where}. {bring_back(service)}"])
        return str(body)

    def promql(self, query: str) -> list[dict[str, Any]]:
        return list(self.ask("prometheus", "/api/v1/query", query=query)["data"]["result"])

    def now(self) -> float:
        """Return the host's clock: the one that its services write down."""
        return float(self.host.check_output("date +%s"))

    def soon(self, complaints: Callable[[], list[str]], within: float) -> list[str]:
        """Return what is still wrong after `within` seconds, as long as a stack that just came up may need.

        Where a service does not answer, waiting helps nobody.
        """
        deadline = time.monotonic() + (0.0 if self.silent() else within)
        while (told := complaints()) and time.monotonic() < deadline:
            time.sleep(0.5)
        return told

    def expect_none(self, complaints: list[str]) -> None:
        """Fail with what a person needs to read and can paste, and nothing else."""
        if complaints:
            pytest.fail(self.words.completed("\n".join(complaints)), pytrace=False)


def bring_back(service: str) -> str:
    return f"Bring {service} back: make day-23-up; see why: make day-23-logs SERVICE={service}"
