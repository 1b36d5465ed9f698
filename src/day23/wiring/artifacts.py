"""Wiring of the programs that services run."""

from collections.abc import Collection

from day23.application.fetch_artifacts import FetchArtifacts
from day23.domain.stack_context import StackContext
from day23.infrastructure.artifacts.shelf import EngineShelf
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.engines import artifact_sources, engine_sources
from day23.infrastructure.progress import EventFile


def fetch_artifacts(context: StackContext, optional: Collection[str]) -> FetchArtifacts:
    """Build the use case that brings programs here, reporting to the stack's event file."""
    return FetchArtifacts(engine_shelf(context), optional)


def engine_shelf(context: StackContext) -> EngineShelf:
    """Return the artefacts that the stack's engine can use."""
    events = EventFile(context.paths.events, "artifacts")
    return EngineShelf(artifact_store(context), artifact_sources(context.engine), events)


def artifact_store(context: StackContext) -> ArtifactStore:
    """Return every place that artefacts come from, those of the stack's engine included."""
    more = engine_sources(context.engine, context.cache_dir, context.repository)
    return ArtifactStore(context.cache_dir, context.repository, more=more)
