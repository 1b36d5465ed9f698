"""An export killed at any step leaves no torn file, no lying manifest, and the next one finishes the job."""

import os
import signal
from pathlib import Path

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.errors import ToolkitError
from day23.infrastructure.exports import jsonl

DAY = "2025-11-16"
DATA = ("digests.jsonl", "review_reports.jsonl")


@pytest.fixture
def export(repository, export_files, progress):
    def exported(dataset_dir):
        use_case = ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)
        return use_case.execute(ExportRequest(ExportTarget.dated(dataset_dir, DAY))).folder

    return exported


def kill_self_at(step):
    """Make this process kill itself before its `step`-th record, fsync or rename."""
    left = step

    def counted(original):
        def call(*arguments, **named):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **named)

        return call

    jsonl.encode = counted(jsonl.encode)
    os.fsync = counted(os.fsync)
    Path.replace = counted(Path.replace)


def killed(step, work):
    """Do `work` in a child that dies at `step`; tell whether it died."""
    child = os.fork()
    if child == 0:
        kill_self_at(step)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def bytes_of(folder):
    return {name: (folder / name).read_bytes() for name in DATA if (folder / name).exists()}


def accepted(export_files, folder):
    try:
        return VerifyExportersUseCase(export_files, NullTelemetry()).folder(folder)
    except ToolkitError:
        return None


def test_an_export_killed_at_any_step_is_whole_or_refused(export, export_files, repository, tmp_path):
    for documents in repository.documents.values():
        del documents[3:]
    old = bytes_of(export(tmp_path / "old"))
    for documents in repository.documents.values():
        del documents[0]
    repository.documents[Collection.DIGESTS][0]["summary_markdown"] = "- Новое."
    new = bytes_of(export(tmp_path / "new"))

    for step in range(1, 100):
        dataset_dir = tmp_path / str(step)
        folder = dataset_dir / "exports" / DAY
        folder.mkdir(parents=True)
        for path in (tmp_path / "old" / "exports" / DAY).iterdir():
            (folder / path.name).write_bytes(path.read_bytes())

        died = killed(step, lambda dataset_dir=dataset_dir: export(dataset_dir))

        found = bytes_of(folder)
        assert all(found[name] in (old[name], new[name]) for name in DATA), f"torn at step {step}"
        if accepted(export_files, folder):
            assert found in (old, new), f"a mixture was accepted at step {step}"
        assert bytes_of(export(dataset_dir)) == new
        assert accepted(export_files, folder)
        assert not list(folder.glob(".*.tmp"))
        if not died:
            break
    assert 20 <= step < 100, "the export has fewer steps than a durable one needs"
