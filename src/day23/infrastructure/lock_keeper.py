"""A process that holds a lock for as long as another process lives.

A module ends long before the playbook that called it, so it hands its locked file to this keeper:
`python -m day23.infrastructure.lock_keeper <locked descriptor> <pidfd of the owner>`.
"""

import os
import select
import signal
import sys


def keep(locked: int, owner: int) -> None:
    """Wait until the owner ends, however it ends, then clear the label; exiting unlocks.

    Args:
        locked: Descriptor of the locked file, inherited with its lock.
        owner: pidfd of the process that the lock is held for.
    """
    end = select.poll()
    end.register(owner, select.POLLIN)
    end.poll()
    os.ftruncate(locked, 0)


def main() -> None:
    """Keep the descriptors given as arguments; a hang-up or Ctrl-C meant for others is not for us."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep(int(sys.argv[1]), int(sys.argv[2]))


if __name__ == "__main__":
    main()
