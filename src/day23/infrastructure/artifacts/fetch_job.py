"""What a source gets to work with while it fetches one artefact."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from day23.application.ports import Progress, ProgressState
from day23.infrastructure.artifacts.build_slots import BuildSlots
from day23.infrastructure.artifacts.children import Children

_REPORT_SECONDS = 1.0


class JobProgress:
    """Reports one artefact's progress at most once a second; safe to use from threads.

    Args:
        progress: Where reports go.
        lock: Shared by all jobs that report to `progress`.
        subject: The artefact's name.
    """

    def __init__(self, progress: Progress, lock: threading.Lock, subject: str) -> None:
        self._progress = progress
        self._lock = lock
        self._subject = subject
        self._started = time.monotonic()
        self._reported = 0.0
        self._detail = ""

    def step(self, detail: str, done: int | None = None, total: int | None = None) -> None:
        """Say what is being done; repeated calls with the same detail are thinned out."""
        now = time.monotonic()
        if detail == self._detail and now - self._reported < _REPORT_SECONDS:
            return
        self._detail, self._reported = detail, now
        self._report(ProgressState.FETCHING, f"{detail}, {self.seconds} s", done, total)

    def end(self, state: ProgressState, detail: str) -> None:
        """Say how it ended."""
        self._report(state, detail)

    @property
    def seconds(self) -> int:
        """Whole seconds since the job began."""
        return int(time.monotonic() - self._started)

    def _report(
        self, state: ProgressState, detail: str, done: int | None = None, total: int | None = None
    ) -> None:
        with self._lock:
            self._progress.report(self._subject, state, done=done, total=total, detail=detail)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all jobs of one run share.

    Attributes:
        folder: Temporary; removed at the end of the run, with everything in it.
        logs: Folder of build logs, which stays.
        once: Held while something shared is being prepared.
    """

    folder: Path
    logs: Path
    children: Children
    slots: BuildSlots
    once: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class FetchJob:
    """One artefact being fetched from one source.

    Attributes:
        folder: The job's own temporary folder.
        log: File that takes the output of the programs that it runs.
    """

    workshop: Workshop
    folder: Path
    log: Path
    progress: JobProgress

    def staging(self, name: str) -> Path:
        """Return a new empty folder that can become a cache entry."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder

    def wait(self, reason: str) -> None:
        """Tell why the job waits, and give up once the run was cancelled."""
        self.workshop.children.check()
        self.progress.step(reason)
