"""Wiring of the shared infrastructure's bootstrap: which service is asked how."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from day23.application.bootstrap_shared_infra import Probe, SharedInfraBootstrapUseCase
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.bootstrap_files import (
    BootstrapState,
    export_environment,
    forget_state,
    load_state,
    save_state,
)
from day23.infrastructure.bootstrap_probes import ANSWER_SECONDS, HttpProbe, MongoProbe
from day23.infrastructure.secret_store import SecretStore
from day23.infrastructure.stack_records import StackRecords
from day23.settings import Settings
from day23.wiring.connections import (
    llm_url,
    loki_url,
    mongo_client,
    mongodb_url,
    prometheus_url,
    service_address,
    stack_mongodb_url,
)
from day23.wiring.telemetry import telemetry_session

STAGE = "TL-05"
_USER = "seeder"
_OPTIONAL_STEPS = ("grafana", "mcp_server", "butler_sidecar")


@dataclass(frozen=True, slots=True)
class ExpectedPorts:
    """Where services are expected, instead of where the stack recorded them."""

    mongodb: int | None = None
    llm_api: int | None = None


@contextmanager
def bootstrap_shared_infra(
    settings: Settings, trace_id: str | None = None, ports: ExpectedPorts | None = None
) -> Iterator[SharedInfraBootstrapUseCase]:
    """Build the use case; its gauges are in `run/metrics/bootstrap.prom` when the block ends."""
    with telemetry_session(settings, "bootstrap", STAGE, trace_id=trace_id) as telemetry:
        yield SharedInfraBootstrapUseCase(probes(settings, ports or ExpectedPorts()), telemetry)


def probes(settings: Settings, ports: ExpectedPorts) -> dict[str, Probe]:
    """Return the probe of every step; optional services only when the stack runs them."""
    found: dict[str, Probe] = {
        "mongo": MongoProbe(partial(_mongo, settings, ports.mongodb), settings.db_name),
        "prometheus": HttpProbe(partial(prometheus_url, settings), "/-/ready"),
        "alertmanager": HttpProbe(_base_url(settings, "alertmanager"), "/-/ready"),
        "node_exporter": HttpProbe(_base_url(settings, "node_exporter"), "/metrics"),
        "loki": HttpProbe(partial(loki_url, settings), "/ready"),
        "collector": HttpProbe(_base_url(settings, "collector", "health"), "/"),
        "llm_api": HttpProbe(partial(llm_url, _with_llm_port(settings, ports.llm_api)), "/health"),
    }
    records = StackRecords(StackPaths(settings.stack_root))
    for step in _OPTIONAL_STEPS:
        record = records.load(step)
        if record and record.state == "applied" and record.ready and record.ready.http:
            found[step] = HttpProbe(_base_url(settings, step, record.ready.port), record.ready.http)
    return found


def _base_url(settings: Settings, service: str, port: str = "http") -> Callable[[], str]:
    return lambda: f"http://{service_address(settings, service, port)}"


def _with_llm_port(settings: Settings, port: int | None) -> Settings:
    return settings.model_copy(update={"llm_url": f"http://127.0.0.1:{port}"}) if port else settings


def _mongo(settings: Settings, port: int | None) -> MongoClient[dict[str, Any]]:
    changes: dict[str, Any] = {"mongo_timeout_ms": int(ANSWER_SECONDS * 1000)}
    if port:
        password = SecretStore(StackPaths(settings.stack_root)).read(f"mongodb_{_USER}")
        address = f"127.0.0.1:{port}"
        changes["mongodb_url"] = stack_mongodb_url(address, _USER, password, settings.db_name)
    return mongo_client(settings.model_copy(update=changes), _USER)


def publish_environment(settings: Settings, path: Path) -> None:
    """Write the addresses that later steps of a CI job read from their environment.

    Raises:
        ToolkitError: The stack is not up.
    """
    mongo = mongodb_url(settings, _USER)
    addresses = {"LLM_URL": llm_url(settings), "PROMETHEUS_URL": prometheus_url(settings)}
    export_environment(path, {"MONGODB_URL": mongo, "TEST_MONGODB_URL": mongo, **addresses})


def remember_stack(path: Path, stack_root: Path) -> None:
    """Note which stack a bootstrap started."""
    save_state(path, BootstrapState(stack_root=stack_root.resolve()))


def remembered_stack(path: Path) -> Path | None:
    """Return the root of the stack that a bootstrap started, or None when it started none."""
    state = load_state(path)
    return state.stack_root if state else None


def forget_stack(path: Path) -> None:
    """Drop the note about a stack that is down."""
    forget_state(path)
