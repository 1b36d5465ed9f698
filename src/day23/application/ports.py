"""What the use cases need from the outside world."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from day23.domain.observed_service import Observed as Observed
from day23.domain.observed_service import ServiceState as ServiceState
from day23.domain.resolved_service import ResolvedService as ResolvedService
from day23.domain.window import Window

Document = dict[str, Any]
"""A MongoDB document with the field names of the dataset (`butler.digests`, `butler.review_reports`)."""


class ProgressState(StrEnum):
    """Where one subject of a long step stands."""

    FETCHING = "fetching"
    STARTING = "starting"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Progress(Protocol):
    """Tells a person what a long step is doing; implementations render it live or write events."""

    def report(
        self,
        subject: str,
        state: ProgressState,
        *,
        done: int | None = None,
        total: int | None = None,
        detail: str = "",
    ) -> None:
        """Report that `subject` (a service, a channel, a file) reached `state`."""
        ...


class Telemetry(Protocol):
    """Metrics, logs and spans of one run, all checked against the observability policy."""

    @property
    def trace_id(self) -> str:
        """32 hex digits that join spans, log lines and the run's record."""
        ...

    def span(self, name: str, **attributes: str | int | float) -> AbstractContextManager[None]:
        """Record the duration and outcome of a block."""
        ...

    def log(self, level: str, event: str, **fields: object) -> None:
        """Write one structured log line."""
        ...

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Increase a counter by, set a gauge to, or observe in a histogram, `value`."""
        ...


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One chat completion: a system and a user message."""

    system: str
    user: str
    max_tokens: int = 800
    temperature: float = 0.0


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What the model answered and how long it took.

    Attributes:
        latency_seconds: From sending the request to the last byte.
        first_token_seconds: From sending the request to the first content; None when not streamed.
        attempts: Requests sent until this answer; times are those of the last.
        last_token_seconds: From sending the request to the last content; None when not streamed.
        sent_at: `time.perf_counter` when this attempt was sent; None where the model does not tell.
    """

    text: str
    model: str
    latency_seconds: float
    first_token_seconds: float | None
    prompt_tokens: int
    completion_tokens: int
    attempts: int = 1
    last_token_seconds: float | None = None
    sent_at: float | None = None


class ChatModel(Protocol):
    """An OpenAI-compatible chat endpoint."""

    async def complete(self, request: ChatRequest, *, stream: bool = False) -> ChatReply:
        """Answer one request.

        Raises:
            ToolkitError: The endpoint cannot be reached or answers anything but a completion.
        """
        ...


class Collection(StrEnum):
    """The collections of the dataset."""

    DIGESTS = "digests"
    REVIEW_REPORTS = "review_reports"


@dataclass(frozen=True, slots=True)
class DocumentPosition:
    """A place in the order of documents (newest `created_at` first, ties by `_id`): just before this one."""

    created_at: datetime
    document_id: Any


@dataclass(frozen=True, slots=True)
class DatasetQuery:
    """Which documents to read; None means no restriction. Channels are canonical (no `@`).

    Attributes:
        since: The first document wanted; with `until` it cuts one part out of the whole.
        until: The first document no longer wanted.
        without: Fields to leave out.
    """

    window: Window | None = None
    channel: str | None = None
    language: str | None = None
    limit: int | None = None
    since: DocumentPosition | None = None
    until: DocumentPosition | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedDataset:
    """What the last seed covered; the default of verify, export and benchmark."""

    window: Window
    channels: tuple[str, ...]
    seeded_at: datetime


@dataclass(frozen=True, slots=True)
class SeedProgress:
    """How far the seed of one channel has come; written after MongoDB acknowledged the documents."""

    channel: str
    collection: Collection
    done: int
    planned: int
    trace_id: str


class BenchmarkRepository(Protocol):
    """MongoDB as the system of record of the dataset."""

    def enforce_rules(self) -> None:
        """Have the database itself refuse documents whose shape breaks the dataset's rules."""
        ...

    def provenances(self, collection: Collection, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the provenance of those of `ids` that are stored."""
        ...

    def replace_synthetic(self, collection: Collection, documents: Sequence[Document]) -> int:
        """Put documents where synthetic ones with their `_id` are stored; return how many were replaced."""
        ...

    def record_progress(self, progress: SeedProgress) -> None:
        """Remember how far a seed has come."""
        ...

    def insert_missing(self, collection: Collection, documents: Sequence[Document]) -> int:
        """Store documents whose `_id` is new (`w: majority, j: true`); return how many were."""
        ...

    def find(self, collection: Collection, query: DatasetQuery) -> Iterator[Document]:
        """Yield documents, newest `created_at` first, ties by `_id`; dates are tz-aware UTC."""
        ...

    def record_dataset(self, dataset: RecordedDataset) -> None:
        """Remember the window and channels of a finished seed."""
        ...

    def recorded_dataset(self) -> RecordedDataset | None:
        """Return what the last finished seed recorded."""
        ...


class ServiceEngine(Protocol):
    """Runs services; small on purpose. Everything else is engine-independent."""

    def observe(self) -> Mapping[str, Observed]:
        """Return every service this engine knows in this stack root."""
        ...

    def start(self, service: ResolvedService) -> None:
        """Start or replace the service; does not wait until it is ready."""
        ...

    def stop(self, name: str, within: float) -> None:
        """Stop the service within `within` seconds, by force after that. It stays known."""
        ...

    def restart(self, name: str, within: float) -> None:
        """Stop the service within `within` seconds and start the same again; does not wait for it."""
        ...

    def remove(self, name: str) -> None:
        """Stop the service and forget it; its state stays."""
        ...

    def reload(self, name: str, signal: str) -> None:
        """Send the reload signal to the main process."""
        ...

    def logs(self, name: str, lines: int) -> list[str]:
        """Return the last lines of the service's output, oldest first."""
        ...

    def shutdown(self) -> None:
        """Stop every service and whatever the engine itself runs for this stack root."""
        ...
