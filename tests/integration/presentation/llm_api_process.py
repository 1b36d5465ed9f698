"""A real LLM API process on a free port."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any, Self

START_SECONDS = 20


class LlmApiProcess:
    """`python -m day23.presentation.llm_api --port 0`, stopped by `close`; its log lines are kept."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "day23.presentation.llm_api", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[dict[str, Any]] = []
        self._listening: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = f"http://127.0.0.1:{self._listening.get(timeout=START_SECONDS)['port']}"

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(json.loads(line))
            if self.lines[-1]["event"] == "listening":
                self._listening.put(self.lines[-1])

    def stop(self) -> int:
        """Ask the process to end, wait, and return its exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self._reader.join(timeout=5)
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
