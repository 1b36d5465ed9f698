"""Seeding, verifying and sampling the dataset, with MongoDB, model, files and telemetry joined."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import uvloop

from day23.application.dataset_ports import PostSource
from day23.application.forecast_seed import ChannelForecast, forecast_seed
from day23.application.ports import BenchmarkRepository, Progress, Telemetry
from day23.application.sample_spotcheck import (
    SampleSpotcheckUseCase,
    SpotcheckRequest,
    SpotcheckSummary,
)
from day23.application.seed_benchmark_data import SeedBenchmarkDataUseCase, SeedRequest
from day23.application.seed_material import gather_material
from day23.application.seed_summary import SeedSummary
from day23.application.verify_dataset import (
    VerifyDatasetUseCase,
    VerifyRequest,
    VerifySummary,
)
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.llm.chat_client import OpenAIChatModel
from day23.infrastructure.mongo.benchmark_repository import MongoBenchmarkRepository
from day23.infrastructure.spotcheck.page import render_page
from day23.infrastructure.stack_records import StackRecords
from day23.infrastructure.text_folder import TextFolder
from day23.settings import Settings
from day23.wiring.connections import llm_key, llm_model, llm_url, mongo_client
from day23.wiring.job_locks import seed_lock
from day23.wiring.post_source import ExportSource, WebSource
from day23.wiring.telemetry import telemetry_session

_USER = "seeder"


def seed_request(
    settings: Settings,
    channels: tuple[str, ...] | None,
    days: int,
    until: str | None,
    judge_votes: int = 0,
) -> SeedRequest:
    """Return the request with the feature flags and the concurrency that the settings ask for."""
    return SeedRequest(
        channels=channels,
        days=days,
        until=until,
        max_concurrency=settings.benchmark_max_concurrency,
        judge_votes=judge_votes,
        feature_flags={
            "enable_quality_evaluation": settings.enable_quality_evaluation,
            "enable_async_long_summarization": settings.enable_async_long_summarization,
        },
    )


def seed_dataset(
    settings: Settings,
    request: SeedRequest,
    source: ExportSource | WebSource,
    minimum: int,
    progress: Progress,
) -> SeedSummary:
    """Seed, then write the audit and the spot check sheet beside the counts.

    One seed at a time works on a stack.

    Raises:
        LockedError: Another seed is running.
        ToolkitError: A source file cannot be used, or the model or MongoDB failed.
    """
    snapshots = TextFolder(settings.benchmark_dataset_dir)
    with (
        seed_lock(settings),
        telemetry_session(settings, "seed", "TL-01") as telemetry,
        _documents(settings) as documents,
    ):
        summary = uvloop.run(_seed(settings, request, source.posts(), documents, telemetry, progress))
        audit = VerifyDatasetUseCase(repository=documents, snapshots=snapshots, telemetry=telemetry)
        audit.execute(VerifyRequest(minimum=minimum))
        _spotcheck(documents, snapshots).execute(SpotcheckRequest())
    return summary


def forecast_dataset(
    settings: Settings, request: SeedRequest, source: ExportSource | WebSource
) -> tuple[ChannelForecast, ...]:
    """Say what a seed would store; a stack that is not up yet has nothing stored.

    Raises:
        ToolkitError: A source file cannot be used, or a known MongoDB does not answer.
    """
    posts = source.posts()
    material = gather_material(posts, request.channels, request.until, request.days, datetime.now(UTC))
    record = StackRecords(StackPaths(settings.stack_root)).load("mongodb")
    if not settings.mongodb_url and record is None:
        return forecast_seed(material, None)
    with _documents(settings) as documents:
        return forecast_seed(material, documents)


def verify_dataset(settings: Settings, request: VerifyRequest) -> VerifySummary:
    """Audit the stored dataset twice and write `dataset_audit.json`.

    Raises:
        ToolkitError: No dataset was seeded, or MongoDB does not answer.
    """
    with (
        telemetry_session(settings, "verify", "TL-01") as telemetry,
        _documents(settings) as documents,
    ):
        snapshots = TextFolder(settings.benchmark_dataset_dir)
        use_case = VerifyDatasetUseCase(repository=documents, snapshots=snapshots, telemetry=telemetry)
        return use_case.execute(request)


def draw_spotcheck(settings: Settings, request: SpotcheckRequest) -> SpotcheckSummary:
    """Draw digests for the Russian spot check and write `ru_spotcheck.md`.

    Raises:
        ToolkitError: No dataset was seeded, a channel has no digests, or MongoDB does not answer.
    """
    with _documents(settings) as documents:
        snapshots = TextFolder(settings.benchmark_dataset_dir)
        return _spotcheck(documents, snapshots).execute(request)


def _spotcheck(documents: BenchmarkRepository, snapshots: TextFolder) -> SampleSpotcheckUseCase:
    return SampleSpotcheckUseCase(repository=documents, snapshots=snapshots, page=render_page)


@contextmanager
def _documents(settings: Settings) -> Iterator[MongoBenchmarkRepository]:
    with mongo_client(settings, _USER) as client:
        yield MongoBenchmarkRepository(client, settings.db_name)


async def _seed(
    settings: Settings,
    request: SeedRequest,
    source: PostSource | None,
    documents: BenchmarkRepository,
    telemetry: Telemetry,
    progress: Progress,
) -> SeedSummary:
    name, key = llm_model(settings), llm_key(settings)
    async with OpenAIChatModel(
        llm_url(settings), name, max_concurrency=request.max_concurrency, key=key
    ) as model:
        use_case = SeedBenchmarkDataUseCase(
            repository=documents,
            model=model,
            source=source,
            snapshots=TextFolder(settings.benchmark_dataset_dir),
            telemetry=telemetry,
            progress=progress,
        )
        return await use_case.execute(request)
