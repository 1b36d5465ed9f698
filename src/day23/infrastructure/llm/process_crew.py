"""Client processes of this host, which read one monotonic clock."""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from day23.application.load_shares import Share
from day23.application.worker_ports import TakeAnswer
from day23.domain.client_workers import ClientWorkers
from day23.domain.recorded_answer import RecordedAnswer
from day23.infrastructure.llm.client_worker import DONE
from day23.infrastructure.llm.worker_task import STUB, TASK, Endpoint, WorkerTask

LONGEST_LINE_BYTES = 1 << 26
LEAD_SECONDS = 0.05
"""From the last worker's readiness to the start: enough for the word to reach all of them."""


class ProcessCrew:
    """Implements `Crew`; started once, for the calibration and the run.

    Args:
        count: Processes.
        endpoint: Whom they ask.
    """

    def __init__(self, count: int, endpoint: Endpoint) -> None:
        self._count = count
        self._endpoint = endpoint
        self._processes: list[asyncio.subprocess.Process] = []
        self._stopped = False

    @property
    def members(self) -> ClientWorkers:
        """How many there are."""
        return ClientWorkers(count=self._count)

    async def __aenter__(self) -> Self:
        try:
            for _ in range(self._count):
                self._processes.append(await _started())
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._end()

    async def ask(
        self, shares: Sequence[Share], failures_allowed: int, take: TakeAnswer, *, stub: bool = False
    ) -> Mapping[int, str]:
        """Have every process ask its share; see `Crew`."""
        endpoint = STUB if stub else self._endpoint
        tasks = [TASK.dump_json(WorkerTask(endpoint, share, failures_allowed)) for share in shares]
        self._tell(tasks)
        for process in self._processes:
            await _output(process).readline()  # ready, or nothing from one that has ended
        self._tell([repr(time.perf_counter() + LEAD_SECONDS).encode()] * self._count)
        return await self._heard(take)

    def _tell(self, lines: Sequence[bytes]) -> None:
        for process, line in zip(self._processes, lines, strict=True):
            if process.stdin and process.returncode is None:
                process.stdin.write(line + b"\n")

    async def _heard(self, take: TakeAnswer) -> Mapping[int, str]:
        listeners = [asyncio.create_task(self._listen(process, take)) for process in self._processes]
        try:
            await asyncio.wait(listeners)
        except asyncio.CancelledError:
            self._kill()
            await asyncio.wait(listeners)  # what was told before is still to be read
            raise
        reasons = dict(enumerate(listener.result() for listener in listeners))
        return {} if self._stopped else {number: reason for number, reason in reasons.items() if reason}

    async def _listen(self, process: asyncio.subprocess.Process, take: TakeAnswer) -> str:
        """Take what a process tells; return why it ended before it was done."""
        async for line in _output(process):
            if line == DONE:
                return ""
            if line.endswith(b"\n") and not take(RecordedAnswer.model_validate_json(line)):
                self._stopped = True
                self._kill()
        return f"client process {process.pid} ended early with {_status(await process.wait())}"

    async def _end(self) -> None:
        self._kill()
        for process in self._processes:
            await process.wait()

    def _kill(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()


async def _started() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "day23.infrastructure.llm.client_worker"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE_BYTES,
        start_new_session=True,
    )


def _output(process: asyncio.subprocess.Process) -> asyncio.StreamReader:
    if process.stdout is None:
        raise RuntimeError("the client process was started without a pipe")
    return process.stdout


def _status(returned: int) -> str:
    return f"signal {-returned}" if returned < 0 else f"status {returned}"
