"""The two files that a CI bootstrap leaves: addresses for later steps, and what to clean up."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from day23.domain.errors import ToolkitError
from day23.infrastructure.files import write_atomically

_PRIVATE = 0o600


class BootstrapState(BaseModel):
    """The stack that a bootstrap started; its clean-up takes down that one and no other."""

    model_config = ConfigDict(frozen=True)

    stack_root: Path


def save_state(path: Path, state: BootstrapState) -> None:
    """Remember which stack was started."""
    write_atomically(path, state.model_dump_json(indent=2) + "\n", _PRIVATE)


def load_state(path: Path) -> BootstrapState | None:
    """Return what was remembered, or None when nothing is.

    Raises:
        ToolkitError: The file is damaged.
    """
    if not path.exists():
        return None
    try:
        return BootstrapState.model_validate_json(path.read_bytes())
    except ValidationError:
        raise ToolkitError(
            "the bootstrap's state is damaged",
            where=str(path),
            next_step="delete the file; make day-23-down stops the stack without it",
        ) from None


def forget_state(path: Path) -> None:
    """Remove the state of a stack that is down."""
    path.unlink(missing_ok=True)


def export_environment(path: Path, variables: Mapping[str, str]) -> None:
    """Set variables in an environment file; other lines stay, and nothing is listed twice."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if line.partition("=")[0] not in variables]
    given = [f"{name}={value}" for name, value in variables.items()]
    write_atomically(path, "\n".join([*kept, *given]) + "\n", _PRIVATE)
