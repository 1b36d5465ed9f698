"""The engines that run services; nothing outside this package knows one from the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from day23.application.ports import ServiceEngine
from day23.application.service_ports import ConfigurationChecker
from day23.domain.artifact import Artifact, SourceName
from day23.domain.errors import UsageError
from day23.domain.placement import ON_THE_HOST, Network, Placement
from day23.domain.stack_paths import StackPaths

if TYPE_CHECKING:
    from day23.application.preflight import Check
    from day23.infrastructure.artifacts.source import Source

_PROCESS = "process"
_DOCKER = "docker"

_SOURCES: dict[str, tuple[SourceName, ...]] = {
    _PROCESS: ("path", "archive", "go", "wheel", "toolkit"),
    _DOCKER: ("image", "assemble"),
}
"""Where each engine takes artefacts from, the preferred source first."""

_TOOLS: dict[str, dict[str, str]] = {_PROCESS: {"setpriv": "util-linux"}, _DOCKER: {}}
"""Programs of the host that each engine calls, and the package that brings each."""


def engine_for(name: str, paths: StackPaths, placement: Placement = ON_THE_HOST) -> ServiceEngine:
    """Return the engine called `name` for one stack root.

    Raises:
        UsageError: There is no such engine, or it cannot place services as asked.
    """
    _refuse_unknown(name)
    if name == _DOCKER:
        from day23.infrastructure.engines.docker.engine import DockerEngine

        return DockerEngine(paths, placement)
    _refuse_bridge(placement)
    from day23.infrastructure.engines.process import ProcessEngine

    return ProcessEngine(paths)


def checker_for(name: str, paths: StackPaths, placement: Placement) -> ConfigurationChecker:
    """Return what runs the validation commands of services as the engine called `name` runs services.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    if name == _DOCKER:
        from day23.infrastructure.engines.docker.checker import ContainerChecker

        return ContainerChecker(paths, placement)
    from day23.infrastructure.configuration_checker import CommandChecker

    return CommandChecker()


def engine_sources(name: str, cache_dir: Path, repository: Path) -> Mapping[SourceName, "Source"]:
    """Return the sources of artefacts that only the engine called `name` knows.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    if name != _DOCKER:
        return {}
    from day23.infrastructure.artifacts.cache import ArtifactCache
    from day23.infrastructure.engines.docker.image_sources import AssembledImages, RegistryImages

    cache = ArtifactCache(cache_dir.expanduser().absolute())
    return {
        "image": RegistryImages(cache, repository.absolute()),
        "assemble": AssembledImages(cache, repository.absolute()),
    }


@dataclass(frozen=True, slots=True)
class PortableParts:
    """What a host without a network needs in its cache for an engine, besides the services' programs.

    Attributes:
        serves: Engines that find everything when the cache was filled for this one.
        artifacts: Programs of the engine's own.
        sources: Sources that bring to the cache what the engine adds to a program.
    """

    serves: tuple[str, ...]
    artifacts: tuple[Artifact, ...] = ()
    sources: "Mapping[SourceName, Source]" = field(default_factory=dict)


def portable_parts(name: str, cache_dir: Path) -> PortableParts:
    """Return what the engine called `name` needs on a host without a network; no daemon is asked.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    if name != _DOCKER:
        return PortableParts((_PROCESS,))
    from day23.infrastructure.artifacts.cache import ArtifactCache
    from day23.infrastructure.engines.docker.attendant import ATTENDANT_ARTIFACT
    from day23.infrastructure.engines.docker.base_image import BaseArchives

    bases = BaseArchives(ArtifactCache(cache_dir.expanduser().absolute()))
    return PortableParts((_PROCESS, _DOCKER), (ATTENDANT_ARTIFACT,), {"assemble": bases})


def engine_checks(
    name: str, paths: StackPaths, placement: Placement, services: Sequence[str]
) -> Sequence[tuple[str, "Check"]]:
    """Return what the engine called `name` must find in order before anything starts.

    Args:
        services: Names of the services in the play.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    if name != _DOCKER:
        return ()
    from day23.infrastructure.engines.docker.preflight import DaemonAnswers, FreeNames

    return (
        ("container daemon", DaemonAnswers()),
        ("container names", FreeNames(paths.root, placement.project_of(paths.root), services)),
    )


def published_ports(name: str, paths: StackPaths) -> Sequence[int]:
    """Return the ports that the engine called `name` itself holds for running services of the stack.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    if name != _DOCKER:
        return ()
    from day23.infrastructure.engines.docker.preflight import own_ports

    return own_ports(paths.root)


def artifact_sources(name: str) -> tuple[SourceName, ...]:
    """Return the sources of artefacts that the engine called `name` can use, the preferred one first.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    return _SOURCES[name]


def required_tools(name: str) -> Mapping[str, str]:
    """Return the programs that the engine called `name` needs on PATH, with the package of each.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    return _TOOLS[name]


def _refuse_unknown(name: str) -> None:
    if name not in _SOURCES:
        raise UsageError(
            f"stack_engine is {name!r}, which is not available here",
            where="stack_engine",
            next_step=f"set stack_engine to one of: {', '.join(sorted(_SOURCES))}",
        )


def _refuse_bridge(placement: Placement) -> None:
    if placement.network is not Network.HOST:
        raise UsageError(
            "plain processes have no network of their own",
            where="stack_network",
            next_step=f"set stack_network to {Network.HOST}, or stack_engine to {_DOCKER}",
        )
