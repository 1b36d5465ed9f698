"""Wiring of the smoke check."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial

import uvloop

from day23.application.bootstrap_shared_infra import Probe
from day23.application.exercise_stack import ExerciseStackUseCase
from day23.application.ports import BenchmarkRepository, ChatModel, ChatReply, Progress
from day23.application.smoke_check import DigestProbe, MetricProbe, StoredDocumentsProbe
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.llm.chat_client import OpenAIChatModel
from day23.infrastructure.mongo.benchmark_repository import MongoBenchmarkRepository
from day23.infrastructure.queries.prometheus import PrometheusQueries
from day23.infrastructure.secret_store import SecretStore
from day23.settings import Settings
from day23.wiring.bootstrap import ExpectedPorts, probes
from day23.wiring.connections import (
    llm_key,
    llm_model,
    llm_url,
    mongo_client,
    prometheus_url,
    service_address,
)

_ANSWER_SECONDS = 60.0
_METRICS = ("up", "shared_infra_bootstrap_status", "benchmark_digest_records_total")


def smoke_probes(settings: Settings, *, metrics: bool) -> dict[str, Probe]:
    """Return what the smoke check asks, by name: services, documents, a digest and, if wanted, metrics."""
    query = PrometheusQueries(partial(prometheus_url, settings))
    found = dict(probes(settings, ExpectedPorts()))
    found["stored documents"] = StoredDocumentsProbe(partial(_repository, settings))
    found["digest"] = DigestProbe(partial(_call_model, settings))
    if "mcp_server" in found:
        found["mcp tools"] = _mcp_tools(settings)
    if metrics:
        found |= {f"metric {name}": MetricProbe(query.instant, name) for name in _METRICS}
    return found


def exercise_stack(settings: Settings, progress: Progress) -> ExerciseStackUseCase:
    """Build the use case that sends the stack some work: the smoke check's questions, repeated."""
    return ExerciseStackUseCase(smoke_probes(settings, metrics=False), progress)


def _mcp_tools(settings: Settings) -> Probe:
    from day23.infrastructure.mcp_probe import McpToolsProbe

    secrets = SecretStore(StackPaths(settings.stack_root))
    return McpToolsProbe(
        lambda: f"http://{service_address(settings, 'mcp_server')}", partial(secrets.read, "mcp_token")
    )


@contextmanager
def _repository(settings: Settings) -> Iterator[BenchmarkRepository]:
    with mongo_client(settings, "seeder") as client:
        yield MongoBenchmarkRepository(client, settings.db_name)


def _call_model(settings: Settings, use: Callable[[ChatModel], Awaitable[ChatReply]]) -> ChatReply:
    async def call() -> ChatReply:
        name = llm_model(settings)
        async with OpenAIChatModel(
            llm_url(settings), name, timeout_seconds=_ANSWER_SECONDS, attempts=1, key=llm_key(settings)
        ) as model:
            return await use(model)

    return uvloop.run(call())
