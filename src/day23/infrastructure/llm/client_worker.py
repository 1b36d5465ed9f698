"""One client process: told what to ask on standard input, tells answers on standard output.

Started by `ProcessCrew` (`python -m day23.infrastructure.llm.client_worker`); ends when its standard input
does, and so with the process that started it, however that ends.
"""

import asyncio
import os
import signal
import sys
import threading

import uvloop

from day23.domain.recorded_answer import RecordedAnswer
from day23.infrastructure.llm.worker_task import TASK, perform

READY = b"ready\n"
DONE = b"done\n"


async def serve() -> None:
    """Perform one task after the other: told a task, says ready, told the start, says answers and done."""
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    threading.Thread(target=_read, args=(asyncio.get_running_loop(), lines), daemon=True).start()

    async def begin() -> float:
        _write(READY)
        return float(await lines.get())

    while True:
        await perform(TASK.validate_json(await lines.get()), begin, _tell)
        _write(DONE)


def _read(loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[bytes]") -> None:
    for line in sys.stdin.buffer:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    # Nobody is there any more to tell anything to; requests under way end with their connections.
    os._exit(0)


def _tell(answer: RecordedAnswer) -> None:
    _write(answer.model_dump_json().encode() + b"\n")


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    # Ctrl-C goes to every process of a terminal; this one's part is to be ended by its caller.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    uvloop.run(serve())
