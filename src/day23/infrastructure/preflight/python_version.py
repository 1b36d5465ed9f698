"""The interpreter that runs the toolkit."""

import platform
import sys
from collections.abc import Sequence

from day23.application.preflight import Finding, FindingState

OLDEST = (3, 11)
"""The oldest Python whose standard library the toolkit relies on."""


class PythonVersion:
    """Passes on Python 3.11 and newer."""

    def __init__(self, running: tuple[int, int] = sys.version_info[:2]) -> None:
        self._running = running

    def findings(self) -> Sequence[Finding]:
        """Compare the interpreter's version."""
        if self._running >= OLDEST:
            return [Finding("python", FindingState.PASSED, platform.python_version())]
        wanted = ".".join(map(str, OLDEST))
        found = ".".join(map(str, self._running))
        return [
            Finding(
                "python",
                FindingState.FAILED,
                f"{sys.executable} is Python {found}, the toolkit needs {wanted} or newer",
                f"install Python {wanted}, delete .venv and run make again",
            )
        ]
