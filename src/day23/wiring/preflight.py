"""Wiring of the refusals."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from day23.application.fetch_artifacts import Outcome
from day23.application.preflight import Check, Preflight
from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.domain.stack_context import StackContext
from day23.infrastructure.artifacts.shelf import EngineShelf
from day23.infrastructure.engines import artifact_sources, engine_checks, published_ports, required_tools
from day23.infrastructure.engines.process_table import stack_root_of
from day23.infrastructure.preflight.artifacts import Artifacts
from day23.infrastructure.preflight.data_versions import DataVersions
from day23.infrastructure.preflight.free_space import FreeSpace
from day23.infrastructure.preflight.graphics import GraphicsCards
from day23.infrastructure.preflight.observability_files import ObservabilityFiles
from day23.infrastructure.preflight.ports import Ports
from day23.infrastructure.preflight.python_version import PythonVersion
from day23.infrastructure.preflight.stack_root import KnownOwner, UsableRoot
from day23.infrastructure.preflight.tools import Tools
from day23.infrastructure.stack_root.identity import IdentityFile
from day23.wiring.artifacts import artifact_store, engine_shelf
from day23.wiring.stack import stack_identity

BUILD_ROOM_GB = 8.0
"""Room, in GiB, that compiling needs for a while: modules and build cache of all artefacts came to 6.5 GB."""


def preflight(
    context: StackContext,
    ports: Mapping[str, int],
    artifacts: Sequence[Artifact],
    optional: Collection[str],
    min_free_gb: float,
    gpus: Mapping[str, int] = MappingProxyType({}),
) -> Preflight:
    """Build the use case that refuses what cannot work.

    Args:
        context: The stack.
        ports: Port by name.
        artifacts: What the services in the play need.
        optional: Names of services without which the stack is complete.
        gpus: Number of NVIDIA cards by the service that wants them.
        min_free_gb: Room that the stack root and the cache need, in GiB.
    """
    shelf = engine_shelf(context)
    absent = {name for name in optional if not _is_here(shelf, name, artifacts)}
    listening = {name: port for name, port in ports.items() if name not in absent}
    services = [artifact.name for artifact in artifacts if artifact.name not in absent]
    sources = artifact_sources(context.engine)
    cache_room = max(min_free_gb, BUILD_ROOM_GB) if _compiles(context, shelf, artifacts) else min_free_gb
    checks: tuple[tuple[str, Check], ...] = (
        ("python", PythonVersion()),
        ("stack root", UsableRoot(context.paths)),
        ("stack owner", KnownOwner(IdentityFile(context.paths, stack_identity(context)))),
        ("tools", Tools(required_tools(context.engine))),
        *engine_checks(context.engine, context.paths, context.placement, services),
        ("artefacts", Artifacts(artifacts, optional, sources, shelf.resolve)),
        ("NVIDIA cards", GraphicsCards(gpus)),
        ("disk", FreeSpace("stack root", context.paths.root, min_free_gb, "choose another stack_root")),
        ("disk", FreeSpace("cache", context.cache_dir, cache_room, "set DAY23_CACHE_DIR to another folder")),
        ("rules", ObservabilityFiles(context.repository, partial(_program, shelf, artifacts))),
        ("data", DataVersions(context.paths, {artifact.name: artifact.version for artifact in artifacts})),
        ("ports", _ports(context, listening)),
    )
    return Preflight(checks)


def _ports(context: StackContext, listening: Mapping[str, int]) -> Ports:
    published = published_ports(context.engine, context.paths)
    return Ports(context.bind, listening, context.paths.root, stack_root_of, published)


def _compiles(context: StackContext, shelf: EngineShelf, artifacts: Sequence[Artifact]) -> bool:
    """Tell whether bringing what is missing compiles: an image is assembled of a program that may be here."""
    store = artifact_store(context)
    missing = (one for one in artifacts if not _found(shelf.resolve(one)))
    return any(one.go is not None and not _found(store.resolve(one, ("go",))) for one in missing)


def _found(outcome: Outcome) -> bool:
    return isinstance(outcome, ResolvedArtifact)


def _program(shelf: EngineShelf, artifacts: Sequence[Artifact], name: str) -> ResolvedArtifact | None:
    found = [shelf.resolve(artifact) for artifact in artifacts if artifact.name == name]
    return next((one for one in found if isinstance(one, ResolvedArtifact)), None)


def _is_here(shelf: EngineShelf, name: str, artifacts: Sequence[Artifact]) -> bool:
    named = [artifact for artifact in artifacts if artifact.name == name]
    return any(_found(shelf.resolve(artifact)) for artifact in named)
