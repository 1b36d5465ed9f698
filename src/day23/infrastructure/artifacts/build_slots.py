"""How many builds may run at once on this host."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

_GIGABYTE = 1024**3
_CORES_PER_BUILD = 2  # a Go build keeps all cores busy until it links, which it does on one
_WAIT_SECONDS = 0.5


class BuildSlots:
    """Admits builds while there is a slot and memory for them; a lone build is always admitted.

    Args:
        slots: Builds at once.
        memory_gb: Memory they may use together.
    """

    def __init__(self, slots: int, memory_gb: float) -> None:
        self._free_slots = max(1, slots)
        self._free_memory = memory_gb
        self._running = 0
        self._changed = threading.Condition()

    @contextmanager
    def reserve(self, memory_gb: float, check: Callable[[], None]) -> Iterator[None]:
        """Wait for a slot and `memory_gb`, and hold them during the block.

        Args:
            memory_gb: Peak memory of the build.
            check: Called now and then while waiting; may raise to give up.
        """
        with self._changed:
            while not self._admits(memory_gb):
                self._changed.wait(_WAIT_SECONDS)
                check()
            self._take(memory_gb)
        try:
            yield
        finally:
            with self._changed:
                self._take(-memory_gb)
                self._changed.notify_all()

    def _admits(self, memory_gb: float) -> bool:
        return self._running == 0 or (self._free_slots > 0 and self._free_memory >= memory_gb)

    def _take(self, memory_gb: float) -> None:
        step = 1 if memory_gb > 0 else -1
        self._running += step
        self._free_slots -= step
        self._free_memory -= memory_gb


def host_build_slots() -> BuildSlots:
    """Return slots for the cores that this process may use and the memory that is free now."""
    cores = len(os.sched_getaffinity(0))
    return BuildSlots(cores // _CORES_PER_BUILD, psutil.virtual_memory().available / _GIGABYTE)
