"""Where results of benchmark runs live."""

from pathlib import Path
from typing import Protocol

from day23.domain.benchmark_result import BenchmarkResult


class ResultStore(Protocol):
    """Keeps the results of benchmark runs."""

    def save(self, result: BenchmarkResult, output: Path | None) -> Path:
        """Store a result for good and make it the scenario's latest; return where.

        Args:
            result: The finished run.
            output: Another file that gets the same bytes.
        """
        ...
