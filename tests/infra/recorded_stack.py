"""A live stack as its own host's shell sees it, and the record of what must be there."""

import json
import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

UNREACHABLE = "nothing answers"


@dataclass(frozen=True)
class LiveStack:
    """Asks the services of one host as its own shell would."""

    host: Any
    inventory: dict[str, Any]

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        return {service["name"]: service for service in self.inventory["services"]}

    def address(self, service: str, port: str = "http") -> str:
        return str(self.services[service]["endpoints"][port])

    def get(self, url: str) -> str | None:
        """Return the body of a 2xx answer; None when there is none."""
        answer = self.host.run(f"curl -fsS --noproxy '*' --max-time 5 {shlex.quote(url)}")
        return str(answer.stdout) if answer.rc == 0 else None

    def accepts(self, address: str) -> bool:
        where, _, port = address.rpartition(":")
        return int(self.host.run(f"timeout 3 bash -c '</dev/tcp/{where}/{port}'").rc) == 0

    def ask(self, service: str, path: str, **query: str) -> Any:
        """Return the JSON answer of a service; fails the test, naming the service, without one."""
        words = f"?{urlencode(query)}" if query else ""
        body = self.get(f"http://{self.address(service)}{path}{words}")
        assert body is not None, (
            f"{service}: {UNREACHABLE} at {self.address(service)}{path}. {bring_back(service)}"
        )
        return json.loads(body)

    def promql(self, query: str) -> list[dict[str, Any]]:
        return list(self.ask("prometheus", "/api/v1/query", query=query)["data"]["result"])


def bring_back(service: str) -> str:
    return f"Bring {service} back: make day-23-up; see why: make day-23-logs SERVICE={service}"
