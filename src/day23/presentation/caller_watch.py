"""Ends what a module does when nobody is left who waits for its result."""

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOOK_SECONDS = 0.5
_STANDARD_OUTPUT = 1


@contextmanager
def interrupted_without_caller() -> Iterator[None]:
    """Interrupt the block as Ctrl-C would when the other end of standard output is closed.

    Ansible, interrupted, ends the modules of its own host; those of others it leaves to themselves.
    """
    over = threading.Event()
    threading.Thread(target=_watch, args=(over,), daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _watch(over: threading.Event) -> None:
    output = select.poll()
    output.register(_STANDARD_OUTPUT, 0)  # no event is asked for: a closed end is told in any case
    while not over.wait(LOOK_SECONDS):
        if output.poll(0):
            os.kill(os.getpid(), signal.SIGINT)
            return
