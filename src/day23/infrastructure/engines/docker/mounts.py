"""Which folders and files of the stack root a container sees, at the paths that they have on the host.

A service sees its own configuration and state, the log folder, its own secrets, and of the rest
only what its command, environment or files name.
"""

from dataclasses import dataclass
from pathlib import Path

from day23.domain.resolved_service import ResolvedService
from day23.domain.stack_paths import StackPaths


@dataclass(frozen=True, slots=True)
class Mount:
    """One bind mount; the path is the same on both sides."""

    path: Path
    writable: bool = False

    def described(self) -> dict[str, object]:
        """Return the mount in the words of the Docker API."""
        return {
            "Type": "bind",
            "Source": str(self.path),
            "Target": str(self.path),
            "ReadOnly": not self.writable,
            "BindOptions": {"Propagation": "rprivate"},
        }


def service_mounts(service: ResolvedService, paths: StackPaths) -> tuple[Mount, ...]:
    """Return what the container of a service sees."""
    return (
        Mount(service.config_dir),
        Mount(service.data_dir, writable=True),
        Mount(paths.logs, writable=True),
        *(Mount(paths.secret(name)) for name in service.secrets),
        *(Mount(path) for path in service.host_files),
        *(Mount(folder) for folder in _named(service, (paths.textfiles,))),
    )


def check_mounts(service: ResolvedService, paths: StackPaths) -> tuple[Mount, ...]:
    """Return what the validation command of a candidate sees; nothing of it can be written."""
    return (Mount(service.config_dir), *(Mount(paths.secret(name)) for name in service.secrets))


def _named(service: ResolvedService, folders: tuple[Path, ...]) -> tuple[Path, ...]:
    words = (*service.argv, *service.environment.values(), *service.files.values())
    return tuple(folder for folder in folders if any(str(folder) in word for word in words))
