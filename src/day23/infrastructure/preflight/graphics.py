"""Whether the host has the NVIDIA cards that services want."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from day23.application.preflight import Finding, FindingState

_DEVICES = Path("/dev")


class GraphicsCards:
    """Passes when the driver has made a device for as many cards as each service wants.

    Args:
        wanted: Number of cards by the service's name; 0 wants none, -1 at least one.
        devices: Folder of device files.
    """

    def __init__(self, wanted: Mapping[str, int], devices: Path = _DEVICES) -> None:
        self._wanted = {name: count for name, count in wanted.items() if count}
        self._devices = devices

    def findings(self) -> Sequence[Finding]:
        """Count the devices."""
        there = len(list(self._devices.glob("nvidia[0-9]*")))
        return [_finding(name, count, there) for name, count in self._wanted.items()]


def _finding(service: str, count: int, there: int) -> Finding:
    check = f"NVIDIA cards for {service}"
    detail = f"{there} found, {abs(count)} wanted"
    if there >= abs(count):
        return Finding(check, FindingState.PASSED, detail)
    step = f"install NVIDIA's driver until `nvidia-smi -L` lists the card, or set {service}_gpus to 0"
    return Finding(check, FindingState.FAILED, detail, step)
