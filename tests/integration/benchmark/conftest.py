"""The synthetic dataset, seeded once, and scripts that find it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from day23.presentation.progress_view import SilentView, TerminalProgress
from day23.settings import Settings
from day23.wiring.dataset import seed_dataset, seed_request
from day23.wiring.post_source import ExportSource

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class SeededStack:
    """Addresses of what runs, and an environment in which scripts find it."""

    mongodb_url: str
    llm_url: str
    database: str
    root: Path

    def settings(self) -> Settings:
        return Settings(
            stack_root=self.root,
            mongodb_url=self.mongodb_url,
            llm_url=self.llm_url,
            db_name=self.database,
            benchmark_dataset_dir=self.root / "benchmarks",
        )

    def environment(self, dataset_dir: Path) -> dict[str, str]:
        return {
            **os.environ,
            "MONGODB_URL": self.mongodb_url,
            "DB_NAME": self.database,
            "LLM_URL": self.llm_url,
            "DAY23_STACK_ROOT": str(self.root),
            "BENCHMARK_DATASET_DIR": str(dataset_dir),
        }


@pytest.fixture(scope="session")
def seeded(mongodb_url: str, llm_url: str, tmp_path_factory: pytest.TempPathFactory) -> SeededStack:
    """Five channels with 30 days each, up to 15 November 2025."""
    stack = SeededStack(mongodb_url, llm_url, "butler_exports", tmp_path_factory.mktemp("stack"))
    settings = stack.settings()
    request = seed_request(settings, channels=None, days=30, until="2025-11-15")
    seed_dataset(settings, request, ExportSource(), 30, TerminalProgress(SilentView(), "seed"))
    return stack


@pytest.fixture
def script(seeded: SeededStack, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script as people do; returns its exit code and output."""

    def run(path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(REPOSITORY / "scripts" / path), *arguments],
            cwd=REPOSITORY,
            env=seeded.environment(tmp_path / "benchmarks"),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
