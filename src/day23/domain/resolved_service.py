"""`ResolvedService`: a spec with nothing left open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from day23.domain.service_spec import Limits, Ready


@dataclass(frozen=True, slots=True)
class ResolvedService:
    """A spec with every placeholder, path and artefact settled for one stack root.

    Attributes:
        argv: The command line, absolute.
        check_argv: The validation command with `{config}` still to be replaced by the candidate folder.
        files: Final contents by path relative to the service's configuration folder.
        endpoints: `host:port` by port name, as this host reaches it.
        artifact_digest: SHA-256 of what will run.
        core_hash: Hash over everything whose change needs a restart.
        reload_hash: Hash over the files whose change needs a reload only.
        stop_within: Seconds the service may take to end before it is killed.
        reload_files: Those of `files` that `reload_hash` covers.
        image: Reference of the container image that holds the program; empty for a program of the host.
        peers: `host:port` by port name, as the other services reach it.
        ready: How to ask the service whether it serves; None leaves it unasked.
        limits: What it may use of the host.
        host_files: Paths of the host that it reads besides its configuration.
        gpus: How many NVIDIA cards it may use; -1 means all.
    """

    name: str
    argv: tuple[str, ...]
    check_argv: tuple[str, ...]
    environment: Mapping[str, str]
    files: Mapping[str, str]
    secrets: tuple[str, ...]
    endpoints: Mapping[str, str]
    artifact_digest: str
    artifact_version: str
    stop_signal: str
    stop_within: float
    config_dir: Path
    data_dir: Path
    reload_files: tuple[str, ...] = ()
    image: str = ""
    peers: Mapping[str, str] = field(default_factory=dict)
    ready: Ready | None = None
    limits: Limits = field(default_factory=Limits)
    host_files: tuple[Path, ...] = ()
    gpus: int = 0
    core_hash: str = ""
    reload_hash: str = ""
