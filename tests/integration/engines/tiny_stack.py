"""A stack of tiny services on a real engine."""

import json
import socket
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from day23.application.ports import Observed, ServiceEngine
from day23.domain.service_plan import ServicePlan
from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines import engine_for
from day23.infrastructure.stack_records import StackRecords
from day23.wiring.services import await_ready, converge_service, remove_service, stop_stack


@dataclass(frozen=True)
class Stack:
    context: StackContext

    @property
    def paths(self) -> StackPaths:
        return self.context.paths

    @property
    def engine(self) -> ServiceEngine:
        return engine_for(self.context.engine, self.paths, self.context.placement)

    @property
    def records(self) -> StackRecords:
        return StackRecords(self.paths)

    def converge(self, spec: ServiceSpec, *, check_mode: bool = False) -> ServicePlan:
        return converge_service(self.context).run(spec, check_mode=check_mode)

    def up(self, *specs: ServiceSpec) -> list[str]:
        """Converge all, wait, and return the actions."""
        actions = [self.converge(spec).action.value for spec in specs]
        await_ready(self.context).run()
        return actions

    def down(self) -> None:
        stop_stack(self.context).run()

    def remove(self, name: str) -> bool:
        return remove_service(self.context).run(name)

    def observed(self, name: str) -> Observed:
        return self.engine.observe()[name]

    def pid(self, name: str) -> int:
        pid = self.observed(name).pid
        assert pid is not None
        return pid

    def ask(self, name: str) -> dict[str, Any]:
        record = self.records.load(name)
        assert record is not None
        with urllib.request.urlopen(f"http://{record.endpoints['http']}/", timeout=5) as answer:
            return dict(json.load(answer))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], bool], within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
