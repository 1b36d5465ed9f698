"""`run/stack.json`: which engine and which toolkit made this stack root."""

from collections.abc import Sequence

from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.stack_identity import StackIdentity
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.files import write_atomically


def recorded_identity(paths: StackPaths) -> StackIdentity | None:
    """Return what the file says; None when this stack root is new.

    Raises:
        ToolkitError: The file is damaged.
    """
    path = paths.run / "stack.json"
    if not path.exists():
        return None
    try:
        return StackIdentity.model_validate_json(path.read_bytes())
    except ValidationError:
        raise ToolkitError(
            "the record of who made this stack root is damaged",
            where=str(path),
            next_step="delete it if this version and engine made the stack, then run again",
        ) from None


class IdentityFile:
    """Records who made the stack root and refuses strangers; a `PreparationStep`."""

    def __init__(self, paths: StackPaths, identity: StackIdentity) -> None:
        self._paths = paths
        self._path = paths.run / "stack.json"
        self._identity = identity

    def recorded(self) -> StackIdentity | None:
        """Return what the file says; None when this stack root is new."""
        return recorded_identity(self._paths)

    def pending(self) -> Sequence[str]:
        """Tell whether the record is to be written.

        Raises:
            ToolkitError: Another engine or a newer toolkit made this stack root.
        """
        recorded = self.recorded()
        if recorded:
            self._identity.refuse_to_follow(recorded)
        following = self._identity.following(recorded)
        return [] if recorded == following else [f"record {self._identity.engine} in {self._path}"]

    def apply(self) -> Sequence[str]:
        """Write the record when it differs."""
        changes = self.pending()
        if changes:
            following = self._identity.following(self.recorded())
            write_atomically(self._path, following.model_dump_json(indent=2) + "\n", 0o600)
        return changes
