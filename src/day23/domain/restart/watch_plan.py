"""What the watcher outside the stack is told, and where it writes."""

from pathlib import Path

from day23.domain.restart.snapshot import Part

FILE, PUSH, WRITES = "file", "push", "writes"
"""Ledgers: log lines through file and collector, log lines straight to Loki, documents in MongoDB."""

LEDGERS = (FILE, PUSH, WRITES)

CANARY = "canary"
"""Name that canary lines carry as their service."""

COLLECTION = "restart_canary"
"""Collection of the validation's own documents."""


class WatchPlan(Part):
    """One watch.

    Attributes:
        folder: Where ledgers and looks go.
        epoch: Added to the monotonic clock it gives Unix seconds that no clock step disturbs.
        rate: Log lines per second and path, and writes per second.
        lifetime_seconds: When it ends by itself, whoever forgot it.
    """

    run_id: str
    folder: Path
    stack_root: Path
    engine: str
    bind: str
    network: str
    project: str
    epoch: float
    rate: float
    lifetime_seconds: float = 900.0

    def ledger(self, name: str) -> Path:
        """The ledger of one path."""
        return self.folder / f"{name}.ledger.jsonl"

    @property
    def looks(self) -> Path:
        """Every change that the poller saw."""
        return self.folder / "looks.jsonl"

    @property
    def stop_wish(self) -> Path:
        """The watcher ends in order when this file is there."""
        return self.folder / "watch.stop"

    @property
    def dismissal(self) -> Path:
        """The watcher ends at once when this file is there: nobody reads what it notes any more."""
        return self.folder / "watch.dismissed"

    @property
    def ended(self) -> Path:
        """The watcher's last word."""
        return self.folder / "watch.ended"

    @property
    def canary_file(self) -> Path:
        """The log file that the collector reads."""
        return self.stack_root / "logs" / f"{CANARY}.app.jsonl"
