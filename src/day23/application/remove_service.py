"""Take one service out of the stack; its data stays."""

from day23.application.ports import ServiceEngine
from day23.application.service_ports import ScrapeTargets, ServiceFiles, ServiceRecords


class RemoveService:
    """Stops a service and forgets everything about it except its state."""

    def __init__(
        self,
        engine: ServiceEngine,
        records: ServiceRecords,
        files: ServiceFiles,
        targets: ScrapeTargets,
    ) -> None:
        self._engine = engine
        self._records = records
        self._files = files
        self._targets = targets

    def run(self, name: str, *, check_mode: bool = False) -> bool:
        """Remove the service; return whether there was anything to remove."""
        record = self._records.load(name)
        is_known = record is not None or name in self._engine.observe()
        if not is_known and self._targets.present(name) is None:
            return False
        if not check_mode:
            self._engine.remove(name)
            self._targets.write(name, None)
            self._files.remove(name, record.files if record else ())
            self._records.delete(name)
        return True
