"""Generated passwords: one 0600 file each, made on first use, never logged."""

import os
import re
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.files import give_to_owner_of, make_private_folder, sync_folder

_PASSWORD_BYTES = 24
_KEY_FILE_BYTES = 192
_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")
_URL_SAFE = re.compile(r"[A-Za-z0-9._-]{8,1024}")


class SecretStore:
    """The folder `secrets/` of one stack root.

    A secret has 48 hex digits; one whose name ends in `keyfile` has 384, as MongoDB's key file wants.

    Example:
        >>> store = SecretStore(StackPaths(Path("/srv/stack")))  # doctest: +SKIP
        >>> store.ensure(["mongodb_admin"])  # doctest: +SKIP
        ('mongodb_admin',)
    """

    def __init__(self, paths: StackPaths) -> None:
        self._paths = paths

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of `names` that have no file yet, sorted."""
        return tuple(sorted(name for name in set(names) if not self._path(name).exists()))

    def ensure(self, names: Iterable[str]) -> tuple[str, ...]:
        """Make the secrets that do not exist yet; return their names, sorted.

        Of two processes that make the same secret at once exactly one wins, and both read its value.
        """
        make_private_folder(self._paths.secrets)
        return tuple(name for name in self.missing(names) if _create(self._path(name)))

    def read(self, name: str) -> str:
        """Return one secret, without the newline that an editor may have added.

        Raises:
            ToolkitError: There is no such secret, or it would break URLs and environment files.
        """
        path = self._path(name)
        try:
            value = path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise ToolkitError(
                f"there is no secret {name}", where=str(path), next_step="make day-23-up"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ToolkitError(f"secret {name} cannot be read: {reason}", where=str(path)) from None
        if not _URL_SAFE.fullmatch(value):
            raise _unusable(name, path)
        return value

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ToolkitError(
                f"{name!r} is not a name of a secret",
                next_step="use 2-61 lower-case letters, digits or underscores, starting with a letter",
            )
        return self._paths.secret(name)


def _unusable(name: str, path: Path) -> ToolkitError:
    return ToolkitError(
        f"secret {name} is empty, too short or not safe in a URL",
        where=str(path),
        next_step="write 8 to 1024 letters, digits or . _ - into it, or delete it and run make day-23-up",
    )


def _create(path: Path) -> bool:
    """Publish a new secret under `path` unless somebody else already has; a hard link never replaces."""
    length = _KEY_FILE_BYTES if path.name.endswith("keyfile") else _PASSWORD_BYTES
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(length))
            stream.flush()
            give_to_owner_of(path.parent, stream.fileno())
            os.fsync(stream.fileno())
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    sync_folder(path.parent)
    return True
