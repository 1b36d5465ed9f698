"""An exported dataset that the commands of this folder find."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack of which nothing runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAY23_STACK_ROOT", str(tmp_path / "stack"))
    monkeypatch.setenv("BENCHMARK_DATASET_DIR", str(tmp_path / "benchmarks"))
    monkeypatch.setenv("LLM_URL", "http://127.0.0.1:1")
    monkeypatch.delenv("MONGODB_URL", raising=False)


@pytest.fixture
def export(repository: Any, export_files: Any, progress: Any, tmp_path: Path) -> Callable[..., None]:
    """Exports what the repository holds, with a coverage of choice."""

    def exported(coverage: float = 0.9) -> None:
        for document in repository.documents[Collection.DIGESTS]:
            document["quality"]["llm_judge"]["scores"]["coverage"] = coverage
        use_case = ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)
        use_case.execute(ExportRequest(ExportTarget.dated(tmp_path / "benchmarks", "2025-11-16")))

    return exported
