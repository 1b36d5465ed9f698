"""What the tools of the MCP server ask: MongoDB, Prometheus, Loki, files of earlier runs."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from day23.application.bootstrap_shared_infra import ask_all
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import BenchmarkRepository
from day23.application.stored_documents import StoredDocuments
from day23.application.verify_dataset import DatasetAudit, VerifyDatasetUseCase, VerifyRequest
from day23.domain.bootstrap_report import StepStatus
from day23.infrastructure.bootstrap_probes import HttpProbe
from day23.infrastructure.mongo.benchmark_repository import MongoBenchmarkRepository
from day23.infrastructure.mongo.stored_documents import MongoStoredDocuments
from day23.infrastructure.queries.loki import LokiQueries
from day23.infrastructure.queries.prometheus import PrometheusQueries
from day23.infrastructure.traces.mongo_span_store import MongoSpanStore
from day23.infrastructure.traces.span_document import request_span
from day23.settings import Settings
from day23.wiring.connections import llm_url, loki_url, prometheus_url

USER = "mcp"


@dataclass(frozen=True, slots=True)
class StackAccess:
    """The stack as the tools see it."""

    settings: Settings
    client: MongoClient[dict[str, Any]]
    evidence: Path

    @property
    def dataset(self) -> BenchmarkRepository:
        """The stored dataset."""
        return MongoBenchmarkRepository(self.client, self.settings.db_name)

    @property
    def documents(self) -> StoredDocuments:
        """Single documents of it."""
        return MongoStoredDocuments(self.client, self.settings.db_name)

    @property
    def prometheus(self) -> PrometheusQueries:
        """Questions to Prometheus."""
        return PrometheusQueries(partial(prometheus_url, self.settings))

    @property
    def loki(self) -> LokiQueries:
        """Questions to Loki."""
        return LokiQueries(partial(loki_url, self.settings))

    def audit(self, minimum: int) -> DatasetAudit:
        """Audit the stored dataset; nothing is written."""
        use_case = VerifyDatasetUseCase(
            repository=self.dataset, snapshots=_NoFiles(), telemetry=NullTelemetry()
        )
        return use_case.execute(VerifyRequest(minimum=minimum)).audit

    def health(self) -> tuple[StepStatus, ...]:
        """Ask each service that the tools need whether it is ready."""
        return ask_all(
            {
                "prometheus": HttpProbe(partial(prometheus_url, self.settings), "/-/ready"),
                "loki": HttpProbe(partial(loki_url, self.settings), "/ready"),
                "llm_api": HttpProbe(partial(llm_url, self.settings), "/health"),
            }
        )

    def keep_span(
        self, name: str, trace_id: str, begin: int, end: int, status: str, attributes: dict[str, Any]
    ) -> None:
        """Store the span of one tool call; times are Unix nanoseconds.

        Raises:
            ToolkitError: MongoDB does not take it.
        """
        document = request_span(
            name, USER, trace_id, begin=begin, end=end, status=status, attributes=attributes
        )
        MongoSpanStore.write(self.client, self.settings.db_name, [document])


class _NoFiles:
    """An audit through the MCP server leaves no report behind."""

    def write(self, name: str, content: str) -> Path:
        del content
        return Path(name)

    def read(self, name: str) -> str | None:
        del name
        return None
