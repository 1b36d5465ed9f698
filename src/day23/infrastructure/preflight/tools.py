"""Programs of the host that the engine calls."""

import shutil
from collections.abc import Mapping, Sequence

from day23.application.preflight import Finding, FindingState


class Tools:
    """Passes when every program is on PATH.

    Args:
        packages: Name of the package that brings the program, by program.
    """

    def __init__(self, packages: Mapping[str, str]) -> None:
        self._packages = packages

    def findings(self) -> Sequence[Finding]:
        """Look for each program."""
        return [_finding(program, package) for program, package in self._packages.items()]


def _finding(program: str, package: str) -> Finding:
    found = shutil.which(program)
    if found:
        return Finding(f"tool {program}", FindingState.PASSED, found)
    return Finding(
        f"tool {program}", FindingState.FAILED, "it is not on PATH", f"install the package {package}"
    )
