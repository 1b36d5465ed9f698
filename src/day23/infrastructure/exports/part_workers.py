"""Runs the parts of an export, in this process or in several."""

import ctypes
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from day23.application.export_store import ExportPart
from day23.infrastructure.exports.part_files import WrittenPart

WritePart = Callable[[ExportPart], WrittenPart]

_SET_PARENT_DEATH_SIGNAL = 1
_inherited: list[WritePart] = []


def run_parts(parts: Sequence[ExportPart], write: WritePart, processes: int) -> Iterator[WrittenPart]:
    """Yield the written parts in order.

    Workers are forked, so that `write` need not be picklable and nothing is imported again; they open
    connections of their own. They die with this process, and hold its lock until they are gone.
    """
    if processes == 1 or len(parts) == 1:
        yield from map(write, parts)
        return
    executor = ProcessPoolExecutor(
        min(processes, len(parts)), get_context("fork"), initializer=_begin, initargs=(write, os.getpid())
    )
    with executor:
        try:
            yield from executor.map(_write_inherited, parts)
        except BaseException:
            executor.shutdown(wait=True, cancel_futures=True)
            raise


def _begin(write: WritePart, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    _inherited[:] = [write]


def _write_inherited(part: ExportPart) -> WrittenPart:
    return _inherited[0](part)
