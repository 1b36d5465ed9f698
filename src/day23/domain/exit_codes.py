"""The exit codes that every command of the toolkit shares."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a finished command tells its caller."""

    DONE = 0
    ERROR = 1
    VERDICT_FAIL = 2
    VERDICT_WARN = 3
    VOID = 4
    USAGE = 64
    LOCKED = 75
    INTERRUPTED = 130
