"""The files of a validation: its state, the record, the evidence."""

from pathlib import Path

from day23.domain.restart.run_state import RunState
from day23.domain.restart.snapshot import Snapshot
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.files import write_atomically

INVENTORY = "restart_inventory.json"
"""Below `run`: what must come back, for whoever checks a live stack."""

_POINTER = "restart_validation.json"


class RunFiles:
    """Implements `RunStates` for one stack root."""

    def __init__(self, paths: StackPaths) -> None:
        self._paths = paths

    def save(self, state: RunState) -> None:
        """Remember the state durably, beside its evidence and in the stack root."""
        text = state.model_dump_json(indent=1)
        write_atomically(state.folder / "state.json", text)
        write_atomically(self._paths.run / _POINTER, text)

    def close(self, state: RunState) -> None:
        """Note that the validation was judged; its evidence is sealed and stays as it is."""
        judged = state.model_copy(update={"judged": True})
        write_atomically(self._paths.run / _POINTER, judged.model_dump_json(indent=1))

    def load(self) -> RunState | None:
        """Return the validation under way, or None."""
        last = self.last()
        return None if last is None or last.judged else last

    def last(self) -> RunState | None:
        """Return the last validation, under way or judged, or None."""
        path = self._paths.run / _POINTER
        return RunState.model_validate_json(path.read_bytes()) if path.exists() else None

    def record(self, state: RunState, snapshot: Snapshot) -> None:
        """Keep the record with the evidence and as the stack's inventory."""
        text = snapshot.model_dump_json(indent=1)
        write_atomically(_before(state), text)
        write_atomically(self._paths.run / INVENTORY, text)

    def recorded(self, state: RunState) -> Snapshot:
        """Return the record."""
        return Snapshot.model_validate_json(_before(state).read_bytes())

    def forget(self) -> None:
        """No validation is under way any more."""
        (self._paths.run / _POINTER).unlink(missing_ok=True)


def _before(state: RunState) -> Path:
    return state.folder / "before.json"
