"""The records in `run/services`: one JSON file per service."""

from pathlib import Path

from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.service_record import ServiceRecord
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.files import write_atomically


class StackRecords:
    """What the stack remembers of its services."""

    def __init__(self, paths: StackPaths) -> None:
        self._folder = paths.records

    def load_all(self) -> tuple[ServiceRecord, ...]:
        """Return every record, by name."""
        return tuple(_read(path) for path in sorted(self._folder.glob("*.json")))

    def load(self, name: str) -> ServiceRecord | None:
        """Return the record of one service, or None when it was never converged."""
        path = self._path(name)
        return _read(path) if path.exists() else None

    def save(self, record: ServiceRecord) -> None:
        """Remember `record` durably."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._path(record.name), record.model_dump_json(indent=1) + "\n", mode=0o600)

    def delete(self, name: str) -> bool:
        """Forget a service; return whether it was known."""
        known = self._path(name).exists()
        self._path(name).unlink(missing_ok=True)
        return known

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _read(path: Path) -> ServiceRecord:
    try:
        return ServiceRecord.model_validate_json(path.read_bytes())
    except ValidationError:
        raise ToolkitError(
            f"the record of {path.stem} is damaged",
            where=str(path),
            next_step="delete that file and run make day-23-up",
        ) from None
