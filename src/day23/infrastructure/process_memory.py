"""How much memory a service uses, its children included."""

import psutil


def resident_bytes(pid: int) -> int | None:
    """Return the resident memory of a process and all its descendants; None when it is gone."""
    try:
        main = psutil.Process(pid)
        family = [main, *main.children(recursive=True)]
    except psutil.Error:
        return None
    return sum(_resident(process) for process in family)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
