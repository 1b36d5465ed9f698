"""From what a role says about a service to what exactly will run, for one stack root."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from day23.domain.artifact import ResolvedArtifact
from day23.domain.errors import ToolkitError
from day23.domain.placement import ON_THE_HOST, Placement
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_spec import PLACEHOLDERS, Limits, ServiceSpec
from day23.domain.stack_paths import StackPaths

_PLACEHOLDER = re.compile(r"(?<!\{)\{(" + "|".join(PLACEHOLDERS) + r")\}(?!\})")
"""A known word in single braces; doubled braces belong to the template language of the file."""

_GO_MEMORY_SHARE = 0.9
"""Share of the memory limit at which Go's collector starts to work harder (GOMEMLIMIT is a soft limit)."""

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # a key, not a bind  # nosec B104


def resolve(
    spec: ServiceSpec,
    artifact: ResolvedArtifact,
    paths: StackPaths,
    bind: str,
    placement: Placement = ON_THE_HOST,
) -> ResolvedService:
    """Settle every placeholder, path and binary of `spec`; pure.

    Args:
        spec: The service as its role describes it.
        artifact: The program on this host.
        paths: The stack root, absolute.
        bind: Address of this host that the service is reached at.
        placement: How the stack's services find each other.

    Raises:
        ToolkitError: A command names a binary that the artefact does not have, or a file lies outside
            the service's configuration folder.
    """
    words = _words(spec.name, paths, placement.listen_address(bind))
    service = ResolvedService(
        name=spec.name,
        argv=_command(spec, "command", spec.command, artifact, words),
        check_argv=_command(spec, "check", spec.check, artifact, _without_config(words)),
        environment=_environment(spec, artifact, words),
        files=_files(spec, words),
        secrets=tuple(sorted(spec.secrets)),
        endpoints=_endpoints(spec, bind),
        peers=_endpoints(spec, placement.peer_host(spec.name, bind)),
        artifact_digest=artifact.digest,
        artifact_version=artifact.version,
        stop_signal=spec.stop.signal,
        stop_within=spec.stop.within,
        config_dir=paths.etc / spec.name,
        data_dir=paths.data / spec.name,
        reload_files=tuple(sorted(spec.reload.files)),
        image=artifact.image,
        ready=spec.ready,
        limits=spec.limits,
        host_files=tuple(Path(file.path) for file in spec.host_files if file.path),
        gpus=spec.gpus,
    )
    return replace(service, core_hash=_core_hash(service, spec), reload_hash=_reload_hash(service))


def fill(text: str, words: Mapping[str, str]) -> str:
    """Replace the known placeholders of `text`; every other brace stays as it is.

    Example:
        >>> fill('{data}/wal {service="x"} {{ data }}', {"data": "/srv"})
        '/srv/wal {service="x"} {{ data }}'
    """
    return _PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]), text)


def for_candidate(service: ResolvedService, folder: Path) -> ResolvedService:
    """Return the service as its check shall see it: in `folder` instead of its configuration folder."""
    live, candidate = f"{service.config_dir}/", f"{folder}/"
    return replace(
        service,
        config_dir=folder,
        check_argv=tuple(fill(word, {"config": str(folder)}) for word in service.check_argv),
        files={path: content.replace(live, candidate) for path, content in service.files.items()},
    )


def _files(spec: ServiceSpec, words: Mapping[str, str]) -> dict[str, str]:
    _refuse_outside(spec)
    return {path: fill(content, words) for path, content in sorted(spec.files.items())}


def _refuse_outside(spec: ServiceSpec) -> None:
    for path in spec.files:
        parts = PurePosixPath(path).parts
        if not parts or ".." in parts or path.startswith("/"):
            raise ToolkitError(
                f"{path!r} is not a path below the configuration folder",
                where=f"{spec.name}_service.files",
                next_step="name the file relative to {config}",
            )


def _words(name: str, paths: StackPaths, bind: str) -> dict[str, str]:
    return {
        "bind": bind,
        "config": str(paths.etc / name),
        "data": str(paths.data / name),
        "logs": str(paths.logs),
        "run": str(paths.run),
        "secrets": str(paths.secrets),
        "metrics": str(paths.textfiles),
    }


def _without_config(words: Mapping[str, str]) -> dict[str, str]:
    return {word: value for word, value in words.items() if word != "config"}


def _command(
    spec: ServiceSpec,
    field: str,
    command: tuple[str, ...],
    artifact: ResolvedArtifact,
    words: Mapping[str, str],
) -> tuple[str, ...]:
    if not command:
        return ()
    binary = artifact.binaries.get(command[0])
    if binary is None:
        raise ToolkitError(
            f"{command[0]!r} is not a binary of the artefact {artifact.name}",
            where=f"{spec.name}_service.{field}",
            next_step=f"start the command with one of: {', '.join(sorted(artifact.binaries))}",
        )
    return (str(binary), *(fill(word, words) for word in command[1:]))


def _environment(spec: ServiceSpec, artifact: ResolvedArtifact, words: Mapping[str, str]) -> dict[str, str]:
    own = {name: fill(value, words) for name, value in spec.environment.items()}
    return dict(sorted({**artifact.environment, **_go_limits(spec.limits), **own}.items()))


def _go_limits(limits: Limits) -> dict[str, str]:
    variables = {}
    if limits.cpus is not None:
        variables["GOMAXPROCS"] = str(max(1, math.ceil(limits.cpus)))
    if limits.memory_mb is not None:
        variables["GOMEMLIMIT"] = f"{int(limits.memory_mb * _GO_MEMORY_SHARE)}MiB"
    return variables


def _endpoints(spec: ServiceSpec, bind: str) -> dict[str, str]:
    host = _ANY_ADDRESS.get(bind, bind)
    return {port: f"{host}:{number}" for port, number in sorted(spec.listen.items())}


def _core_hash(service: ResolvedService, spec: ServiceSpec) -> str:
    core_files = set(service.files) - set(service.reload_files)
    return _digest(
        {
            "argv": service.argv,
            "environment": service.environment,
            "files": _contents(service, core_files),
            "secrets": service.secrets,
            "endpoints": service.endpoints,
            "artifact": service.artifact_digest,
            "stop": [service.stop_signal, service.stop_within],
            "limits": service.limits.model_dump(),
            **_machine(spec),
        }
    )


def _machine(spec: ServiceSpec) -> dict[str, Any]:
    """What is named here only where it is used, so that it restarts nobody else."""
    files = [file.model_dump() for file in spec.host_files]
    return ({"host_files": files} if files else {}) | ({"gpus": spec.gpus} if spec.gpus else {})


def _reload_hash(service: ResolvedService) -> str:
    return _digest(_contents(service, service.reload_files))


def _contents(service: ResolvedService, paths: Iterable[str]) -> dict[str, str]:
    return {path: service.files[path] for path in sorted(paths)}


def _digest(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
