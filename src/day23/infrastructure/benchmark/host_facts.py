"""Facts of the host that move latencies: recorded with a run, never judged."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil

_GPU_QUERY = ("--query-gpu=name,driver_version,temperature.gpu,clocks.sm", "--format=csv,noheader")
_GPU_WITHIN_SECONDS = 5.0


def host_facts(system: Path = Path("/")) -> dict[str, str]:
    """Return what can be read; what cannot is left out.

    Args:
        system: Where `/proc` and `/sys` are found.
    """
    return dict(_facts(system))


def _facts(system: Path) -> Iterator[tuple[str, str]]:
    for line in _text(system / "proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            yield "cpu", line.partition(":")[2].strip()
            break
    if governor := _text(system / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"):
        yield "cpu_governor", governor
    yield "load_average", " ".join(f"{value:.2f}" for value in os.getloadavg())
    yield "memory_gib", f"{psutil.virtual_memory().total / 2**30:.1f}"
    if temperature := _text(system / "sys/class/thermal/thermal_zone0/temp"):
        yield (
            "temperature_celsius",
            f"{int(temperature) / 1000:.1f}" if temperature.isdigit() else temperature,
        )
    if gpu := _gpu():
        yield "gpu", gpu


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _gpu() -> str:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *_GPU_QUERY], capture_output=True, text=True, check=False, timeout=_GPU_WITHIN_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
