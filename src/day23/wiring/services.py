"""Wiring of the services: converge, remove, wait, stop, tell.

Each function imports what it joins: a module that only waits need not load what converging needs.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from day23.domain.stack_context import StackContext
from day23.infrastructure.engines import artifact_sources, checker_for, engine_for
from day23.infrastructure.stack_records import StackRecords
from day23.wiring.artifacts import artifact_store

if TYPE_CHECKING:
    from day23.application.await_ready import AwaitReady
    from day23.application.converge_service import ConvergeService
    from day23.application.ports import Progress, ServiceEngine
    from day23.application.remove_service import RemoveService
    from day23.application.stack_status import StackStatus
    from day23.application.stop_stack import StopStack
    from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable


def converge_service(context: StackContext) -> "ConvergeService":
    """Build the use case that makes one service run as its role says."""
    from day23.application.converge_service import ConvergePorts, ConvergeService
    from day23.infrastructure.artifacts.checksums import ChecksumMemo
    from day23.infrastructure.host_files import VerifiedFiles
    from day23.infrastructure.http_reload import PostReloader
    from day23.infrastructure.scrape_targets import TargetFiles
    from day23.infrastructure.secret_store import SecretStore
    from day23.infrastructure.service_files import EtcFolders

    paths = context.paths
    ports = ConvergePorts(
        engine=_engine(context),
        find_artifact=find_artifact(context),
        records=StackRecords(paths),
        secrets=SecretStore(paths),
        files=EtcFolders(paths),
        host_files=VerifiedFiles(ChecksumMemo(context.cache_dir.expanduser() / "checksums")),
        targets=TargetFiles(paths),
        checker=checker_for(context.engine, paths, context.placement),
        reloader=PostReloader(),
    )
    return ConvergeService(ports, paths, context.bind, context.placement)


def find_artifact(context: StackContext) -> "Callable[[Artifact], ResolvedArtifact | Unavailable]":
    """Return the function that finds an artefact on this host for the stack's engine."""
    return partial(artifact_store(context).resolve, sources=artifact_sources(context.engine))


def remove_service(context: StackContext) -> "RemoveService":
    """Build the use case that takes one service out of the stack."""
    from day23.application.remove_service import RemoveService
    from day23.infrastructure.scrape_targets import TargetFiles
    from day23.infrastructure.service_files import EtcFolders

    paths = context.paths
    engine = _engine(context)
    return RemoveService(engine, StackRecords(paths), EtcFolders(paths), TargetFiles(paths))


def await_ready(context: StackContext, progress: "Progress | None" = None) -> "AwaitReady":
    """Build the use case that waits for every service; progress goes to the stack's event file by default."""
    from day23.application.await_ready import AwaitReady
    from day23.infrastructure.probes import probe_for
    from day23.infrastructure.progress import EventFile

    paths = context.paths
    events = progress or EventFile(paths.events, "ready")
    return AwaitReady(_engine(context), StackRecords(paths), probe_for, events)


def stop_stack(context: StackContext) -> "StopStack":
    """Build the use case that stops everything."""
    from day23.application.stop_stack import StopStack
    from day23.infrastructure.stack_purge import StackFiles

    return StopStack(_engine(context), StackFiles(context.paths))


def stack_status(context: StackContext) -> "StackStatus":
    """Build the use case that tells what every service is doing."""
    from day23.application.stack_status import StackStatus
    from day23.infrastructure.probes import probe_for
    from day23.infrastructure.process_memory import resident_bytes

    paths = context.paths
    return StackStatus(_engine(context), StackRecords(paths), probe_for, resident_bytes)


def service_logs(context: StackContext, name: str, lines: int) -> list[str]:
    """Return the last lines of a service's output, oldest first."""
    return _engine(context).logs(name, lines)


def _engine(context: StackContext) -> "ServiceEngine":
    return engine_for(context.engine, context.paths, context.placement)
