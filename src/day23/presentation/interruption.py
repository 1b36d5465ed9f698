"""Turn Ctrl-C, SIGTERM and a closed terminal into one question: were we asked to stop?"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import psutil

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GRACE_SECONDS = 10.0
_POLL_SECONDS = 0.05


@contextmanager
def interruption() -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether this process was asked to stop; handlers are put back after.

    Outside the main thread, where Python has no signal handlers, the answer is always no.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def remember(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    previous = {number: signal.signal(number, remember) for number in _SIGNALS}
    try:
        yield asked.is_set
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def interrupt_descendants(within: float = _GRACE_SECONDS) -> None:
    """Interrupt every process below this one as a terminal would, and end by force what stays.

    Ansible's workers leave the process group, so a signal to the group does not reach the modules.
    Nothing is reaped here: whoever started a process still learns its exit status.

    Args:
        within: Seconds that the processes have to end by themselves.
    """
    descendants = psutil.Process().children(recursive=True)
    _signal_all(descendants, signal.SIGINT)
    deadline = time.monotonic() + within
    while any(_is_alive(process) for process in descendants) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    _signal_all([process for process in descendants if _is_alive(process)], signal.SIGKILL)


def _signal_all(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
