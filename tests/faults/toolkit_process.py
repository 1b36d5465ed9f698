"""The toolkit's scripts as processes, killed at a chosen system call or moment."""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
FILE_CALLS = "write,fsync,rename,renameat,unlink,rmdir,mkdir,symlink,fchmod"
NETWORK_CALLS = "sendto"
SIGKILLED = -9


class SystemCall(NamedTuple):
    """The `number`-th call of this name, counted from 1."""

    name: str
    number: int


@dataclass(frozen=True)
class ToolkitProcess:
    """One command: what to run, and in which surroundings.

    Attributes:
        calls: The system calls at which it may be killed.
    """

    script: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    calls: str
    extra: dict[str, str] = field(default_factory=dict)

    def run(self, wrapper: tuple[str, ...] = (), timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*wrapper, *self.command],
            cwd=REPOSITORY,
            env={**os.environ, **self.environment, **self.extra, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command,
            cwd=REPOSITORY,
            env={**os.environ, **self.environment, **self.extra},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def command(self) -> list[str]:
        return [sys.executable, self.script, *self.arguments]

    def list_calls(self, log: Path) -> list[SystemCall]:
        """Return the kill points of an undisturbed run: its main thread's calls in their order."""
        done = self.run(("strace", "-f", "-qq", "-o", str(log), f"-etrace={self.calls}"))
        assert done.returncode == 0, done.stderr
        lines = log.read_text(errors="replace").splitlines()
        first_thread = lines[0].split(maxsplit=1)[0]
        made: Counter[str] = Counter()
        calls = []
        for name in re.findall(rf"^{first_thread} +(\w+)\(", "\n".join(lines), flags=re.MULTILINE):
            made[name] += 1
            calls.append(SystemCall(name, made[name]))
        return calls

    def killed_at_call(self, call: SystemCall) -> bool:
        """Run and kill just before that system call; tell whether that happened."""
        # strace counts each system call apart; with `--seccomp-bpf` version 6.1 injects nothing
        inject = f"inject={call.name}:signal=SIGKILL:when={call.number}"
        wrapper = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", inject, f"-etrace={call.name}")
        return self.run(wrapper).returncode in (SIGKILLED, 137)

    def killed_after(self, seconds: float) -> bool:
        """Run and kill after some time; tell whether it was still running."""
        process = self.start()
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        return process.returncode == SIGKILLED
