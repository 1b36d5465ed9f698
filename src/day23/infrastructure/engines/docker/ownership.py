"""Who a stack root belongs to, and with it who its services run as."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.resolved_service import ResolvedService
from day23.domain.stack_paths import StackPaths

SERVICE_UID = 65532
"""The `nonroot` user of distroless images; nobody's account on common distributions."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The user and group of a stack root."""

    uid: int
    gid: int

    def __str__(self) -> str:
        return f"{self.uid}:{self.gid}"


def settled_owner(paths: StackPaths) -> Owner:
    """Return the owner of the stack root, who is never root.

    A stack root that root made goes to the person behind `sudo`, else to the user id 65532.

    Raises:
        ToolkitError: Somebody else's stack root: this user could not write what its services read.
    """
    status = paths.root.stat()
    if os.geteuid() != 0 and status.st_uid != os.geteuid():
        raise ToolkitError(
            f"the stack root belongs to uid {status.st_uid}",
            where=str(paths.root),
            next_step=f"run as that user, or sudo chown -R {os.geteuid()} {paths.root}",
        )
    if status.st_uid != 0:
        return Owner(status.st_uid, status.st_gid)
    owner = _heir()
    os.chown(paths.root, owner.uid, owner.gid)
    return owner


def hand_over(paths: StackPaths, service: ResolvedService, owner: Owner) -> None:
    """Give to the owner what root made in the folders that a service uses."""
    if os.geteuid() != 0:
        return
    shared = (paths.etc, paths.data, paths.run, paths.secrets, paths.textfiles)
    secrets = (paths.secret(name) for name in service.secrets)
    trees = (service.config_dir, service.data_dir, paths.logs, paths.textfiles)
    for path in (*shared, *secrets, *(found for tree in trees for found in _tree(tree))):
        if path.exists() and path.lstat().st_uid == 0:
            os.lchown(path, owner.uid, owner.gid)


def _heir() -> Owner:
    uid, gid = (int(os.environ.get(name, "0")) for name in ("SUDO_UID", "SUDO_GID"))
    return Owner(uid, gid) if uid and gid else Owner(SERVICE_UID, SERVICE_UID)


def _tree(folder: Path) -> Iterator[Path]:
    yield folder
    if folder.is_dir() and not folder.is_symlink():
        yield from folder.rglob("*")
