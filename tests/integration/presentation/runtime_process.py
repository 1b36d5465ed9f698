"""A real runtime of the stack on a free port."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Self

START_SECONDS = 30


class RuntimeProcess:
    """`python -m day23.presentation.<name> --port 0`, stopped by `stop`; its log lines are kept."""

    def __init__(
        self, name: str, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self.lines: list[dict[str, Any]] = []
        self._listening: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"day23.presentation.{name}", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = f"http://127.0.0.1:{self._listening.get(timeout=START_SECONDS)}"

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(json.loads(line))
            if self.lines[-1]["event"] == "listening":
                self._listening.put(self.lines[-1]["port"])

    def audit(self) -> list[dict[str, Any]]:
        """Return the lines of the audit stream."""
        return [line for line in self.lines if line["stream"] == "audit"]

    def stop(self) -> int:
        """Ask the process to end and return its exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self._reader.join(timeout=5)
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        if self.process.stdout:
            self.process.stdout.close()
