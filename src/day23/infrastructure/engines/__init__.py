"""The engines that run services; nothing outside this package knows one from the other."""

from collections.abc import Mapping

from day23.application.ports import ServiceEngine
from day23.domain.artifact import SourceName
from day23.domain.errors import UsageError
from day23.domain.stack_paths import StackPaths

_SOURCES: dict[str, tuple[SourceName, ...]] = {"process": ("path", "archive", "go", "wheel", "toolkit")}
"""Where each engine takes artefacts from, the preferred source first."""

_TOOLS: dict[str, dict[str, str]] = {"process": {"setpriv": "util-linux"}}
"""Programs of the host that each engine calls, and the package that brings each."""


def engine_for(name: str, paths: StackPaths) -> ServiceEngine:
    """Return the engine called `name` for one stack root.

    Raises:
        UsageError: There is no such engine.
    """
    _refuse_unknown(name)
    from day23.infrastructure.engines.process import ProcessEngine

    return ProcessEngine(paths)


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
