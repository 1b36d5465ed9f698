"""Errors that people read: what went wrong, where, and the next command to type."""

from typing import ClassVar

from day23.domain.exit_codes import ExitCode


class ToolkitError(ValueError):
    """A failure that is told in one message and never as a traceback.

    Args:
        what: The failure in one sentence, without secrets.
        where: File and line, field, port or service concerned.
        next_step: The command or edit that helps.

    Example:
        >>> str(ToolkitError("port 9090 is in use", where="pid 7, nginx", next_step="stop it"))
        'port 9090 is in use (pid 7, nginx). Next: stop it'
    """

    exit_code: ClassVar[ExitCode] = ExitCode.ERROR

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(self._message())

    def _message(self) -> str:
        place = f" ({self.where})" if self.where else ""
        step = f". Next: {self.next_step}" if self.next_step else ""
        return f"{self.what}{place}{step}"


class LockedError(ToolkitError):
    """Another run holds the lock that this one needs."""

    exit_code = ExitCode.LOCKED


class UsageError(ToolkitError):
    """The command was called with arguments that cannot be used."""

    exit_code = ExitCode.USAGE


class VoidRunError(ToolkitError):
    """The run cannot support a verdict."""

    exit_code = ExitCode.VOID
