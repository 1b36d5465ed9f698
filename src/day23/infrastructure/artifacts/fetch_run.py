"""Fetches several artefacts at once."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from day23.application.ports import Progress, ProgressState
from day23.domain.artifact import Artifact, SourceName, Unavailable
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.build_slots import host_build_slots
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.artifacts.children import CancelledError, Children
from day23.infrastructure.artifacts.fetch_job import FetchJob, JobProgress, Workshop
from day23.infrastructure.artifacts.sources import Outcome, Sources, joined


class FetchRun:
    """One run over all missing artefacts, with one temporary folder for everything shared.

    Args:
        cache: Where finished artefacts go.
        sources: Where they come from.
        progress: Told about each of them, from one thread at a time.
    """

    def __init__(self, cache: ArtifactCache, sources: Sources, progress: Progress) -> None:
        self._cache = cache
        self._sources = sources
        self._progress = progress
        self._lock = threading.Lock()

    def fetch(self, missing: Sequence[Artifact]) -> dict[str, Outcome]:
        """Return the outcome by name of the artefact; downloads overlap with builds of others."""
        logs = self._cache.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (
            self._cache.workshop() as folder,
            ThreadPoolExecutor(len(missing)) as threads,
            Children() as children,
        ):
            workshop = Workshop(folder, logs, children, host_build_slots())
            futures: dict[str, Future[Outcome]] = {}
            for artifact in missing:
                futures[artifact.name] = threads.submit(self._fetch_one, artifact, workshop)
            return {name: future.result() for name, future in futures.items()}

    def _fetch_one(self, artifact: Artifact, workshop: Workshop) -> Outcome:
        progress = JobProgress(self._progress, self._lock, artifact.name)
        failures: list[Unavailable] = []
        for source in self._sources.usable(artifact):
            failure = self._try(artifact, source, workshop, progress)
            if failure is None:
                verb = "built" if source == "go" else "fetched"
                progress.end(ProgressState.DONE, f"{verb} in {progress.seconds} s")
                return self._sources.locate(artifact, source)
            failures.append(failure)
        outcome = joined(artifact, failures)
        progress.end(ProgressState.FAILED, outcome.reason)
        return outcome

    def _try(
        self, artifact: Artifact, source: SourceName, workshop: Workshop, progress: JobProgress
    ) -> Unavailable | None:
        log = workshop.logs / f"{artifact.name}-{source}.log"
        try:
            log.write_text("", encoding="utf-8")
            folder = workshop.folder / "jobs" / artifact.name / source
            self._sources.fetch(artifact, source, FetchJob(workshop, folder, log, progress))
        except CancelledError:
            raise
        except (ToolkitError, OSError) as error:
            return _failure(artifact, source, error)
        return None


def _failure(artifact: Artifact, source: SourceName, error: ToolkitError | OSError) -> Unavailable:
    prefix = f"{artifact.name} {artifact.version} from {source}: "
    if isinstance(error, ToolkitError):
        return Unavailable(artifact.name, prefix + error.what, error.where, error.next_step)
    return Unavailable(
        artifact.name,
        prefix + (error.strerror or str(error)),
        where=str(error.filename or ""),
        next_step="check free space and permissions of the cache, then run it again",
    )


@contextmanager
def lone_job(
    cache: ArtifactCache, children: Children, progress: Progress, subject: str
) -> Iterator[FetchJob]:
    """Give what a download needs that is no artefact of a role."""
    logs = cache.folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with cache.workshop() as folder:
        workshop = Workshop(folder, logs, children, host_build_slots())
        told = JobProgress(progress, threading.Lock(), subject)
        yield FetchJob(workshop, folder / "jobs" / subject, logs / f"{subject}.log", told)
