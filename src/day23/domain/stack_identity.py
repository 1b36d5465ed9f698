"""Who made a stack root: the engine that owns its state, the toolkit that wrote it, and how it is called."""

from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict

from day23.domain.errors import ToolkitError
from day23.domain.stack_words import StackWords


class StackIdentity(BaseModel):
    """What `run/stack.json` records.

    Attributes:
        words: As the stack was last brought up; None where only something else is done to it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    engine: str
    toolkit_version: str
    words: StackWords | None = None

    def following(self, recorded: "StackIdentity | None") -> "StackIdentity":
        """Return what is to be recorded after `recorded`; only `up` says how the stack is called."""
        words = self.words or (recorded.words if recorded else None)
        return self.model_copy(update={"words": words})

    def refuse_to_follow(self, recorded: "StackIdentity") -> None:
        """Raise unless a stack root made by `recorded` may be used by this engine and version.

        Raises:
            ToolkitError: Another engine owns the state, or a newer toolkit wrote it.
        """
        if recorded.engine != self.engine:
            raise ToolkitError(
                f"this stack root belongs to the engine '{recorded.engine}', not '{self.engine}'",
                next_step="to keep its data, invoke day23.dump; then ansible-playbook playbooks/down.yml "
                f"-e stack_engine={recorded.engine} -e stack_purge=true; or choose another stack_root",
            )
        if is_newer(recorded.toolkit_version, self.toolkit_version):
            raise ToolkitError(
                f"this stack root was written by day23 {recorded.toolkit_version}, "
                f"which is newer than this {self.toolkit_version}",
                next_step="check out that version, or choose another stack_root",
            )


def is_newer(version: str, than: str) -> bool:
    """Tell whether `version` is known to be newer; versions that cannot be ordered are not.

    Example:
        >>> is_newer("3.10.0", "3.9.1")
        True
    """
    try:
        return Version(version) > Version(than)
    except InvalidVersion:
        return False
