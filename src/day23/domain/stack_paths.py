"""Where an embedded stack keeps everything it owns."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StackPaths:
    """The folders and files below one stack root. Nothing outside it is ever written."""

    root: Path

    @property
    def etc(self) -> Path:
        """Rendered configuration, one folder per service."""
        return self.root / "etc"

    @property
    def data(self) -> Path:
        """State that survives restarts, one folder per service."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """Log files named `<service>.<stream>.jsonl`."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Records, sockets, locks, progress events."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        """One 0600 file per secret."""
        return self.root / "secrets"

    @property
    def records(self) -> Path:
        """One JSON record per service that was converged."""
        return self.run / "services"

    @property
    def textfiles(self) -> Path:
        """The folder that node exporter's textfile collector reads."""
        return self.run / "metrics"

    @property
    def events(self) -> Path:
        """Progress of long steps, one JSON line each."""
        return self.run / "events.jsonl"

    @property
    def targets(self) -> Path:
        """Prometheus file discovery: one target file per service with metrics."""
        return self.etc / "prometheus" / "targets"

    def secret(self, name: str) -> Path:
        """The file that holds one secret."""
        return self.secrets / name

    def log(self, service: str, stream: str) -> Path:
        """The log file of one service and stream (`stdout`, `stderr`, `app`, `audit`)."""
        return self.logs / f"{service}.{stream}.jsonl"
