"""The toolkit's scripts as processes, killed at a chosen system call or moment."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FILE_CALLS = "write,fsync,rename,renameat,unlink,rmdir,mkdir,symlink,fchmod"
NETWORK_CALLS = "sendto"
SIGKILLED = -9


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
            env={**os.environ, **self.environment, **self.extra, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def command(self) -> list[str]:
        return [sys.executable, self.script, *self.arguments]

    def count_calls(self, log: Path) -> int:
        """Return how many kill points an undisturbed run has."""
        done = self.run(("strace", "--seccomp-bpf", "-f", "-qq", "-o", str(log), f"-etrace={self.calls}"))
        assert done.returncode == 0, done.stderr
        first_thread = log.read_text(errors="replace").split(maxsplit=1)[0]
        return sum(
            line.startswith(f"{first_thread} ") for line in log.read_text(errors="replace").splitlines()
        )

    def killed_at_call(self, number: int) -> bool:
        """Run and kill at the `number`-th system call of the main thread; tell whether that happened."""
        inject = f"inject={self.calls}:signal=SIGKILL:when={number}"
        wrapper = ("strace", "--seccomp-bpf", "-f", "-qq", "-o", "/dev/null", "-e", inject)
        return self.run((*wrapper, f"-etrace={self.calls}")).returncode in (SIGKILLED, 137)

    def killed_after(self, seconds: float) -> bool:
        """Run and kill after some time; tell whether it was still running."""
        process = self.start()
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        return process.returncode == SIGKILLED
