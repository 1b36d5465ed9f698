"""Whether the stack root can be used, and by this toolkit."""

from collections.abc import Sequence

from day23.application.preflight import Finding, FindingState
from day23.domain.stack_paths import StackPaths
from day23.domain.stack_root_path import refuse_unusable
from day23.infrastructure.stack_root.folders import refuse_unwritable
from day23.infrastructure.stack_root.identity import IdentityFile


class UsableRoot:
    """Passes when this user can write the stack root and its path breaks nothing."""

    def __init__(self, paths: StackPaths) -> None:
        self._root = paths.root

    def findings(self) -> Sequence[Finding]:
        """Look at the path and at the permissions."""
        refuse_unusable(self._root)
        refuse_unwritable(self._root)
        return [Finding("stack root", FindingState.PASSED, str(self._root))]


class KnownOwner:
    """Passes when this engine, and no newer toolkit, made the stack root, or nobody did yet."""

    def __init__(self, identity: IdentityFile) -> None:
        self._identity = identity

    def findings(self) -> Sequence[Finding]:
        """Compare the record of who made the stack root."""
        self._identity.pending()
        recorded = self._identity.recorded()
        made_by = f"made by day23 {recorded.toolkit_version}" if recorded else "new"
        return [Finding("stack owner", FindingState.PASSED, made_by)]
