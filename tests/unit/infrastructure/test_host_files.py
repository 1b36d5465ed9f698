"""Models and other files of the host: the one that was meant, or a refusal that says what to set."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.service_spec import HostFile
from day23.infrastructure.artifacts.checksums import ChecksumMemo
from day23.infrastructure.host_files import VerifiedFiles


@pytest.fixture
def files(tmp_path: Path) -> VerifiedFiles:
    return VerifiedFiles(ChecksumMemo(tmp_path / "memo"))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"weights")
    return path


def wanted(path: Path | None, sha256: str | None) -> HostFile:
    return HostFile(name="llm_api_model", path=str(path) if path else None, sha256=sha256)


def test_the_file_that_was_meant_is_accepted(files: VerifiedFiles, model: Path) -> None:
    files.refuse_other(wanted(model, hashlib.sha256(b"weights").hexdigest()))


def test_another_file_is_refused_by_its_checksum(files: VerifiedFiles, model: Path) -> None:
    with pytest.raises(ToolkitError, match=hashlib.sha256(b"weights").hexdigest()) as refusal:
        files.refuse_other(wanted(model, "0" * 64))

    assert refusal.value.where == str(model)
    assert "llm_api_model_sha256" in refusal.value.next_step


def test_a_file_that_was_exchanged_later_is_refused(files: VerifiedFiles, model: Path) -> None:
    meant = wanted(model, hashlib.sha256(b"weights").hexdigest())
    files.refuse_other(meant)
    model.write_bytes(b"other weights")

    with pytest.raises(ToolkitError, match="is not the one that was meant"):
        files.refuse_other(meant)


def test_what_is_not_named_is_asked_for(files: VerifiedFiles, model: Path) -> None:
    for file in (wanted(None, "0" * 64), wanted(model, None)):
        with pytest.raises(ToolkitError, match="no file and checksum are given") as refusal:
            files.refuse_other(file)
        assert refusal.value.where == "llm_api_model_path, llm_api_model_sha256"


def test_a_missing_file_is_told(files: VerifiedFiles, tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="No such file or directory") as refusal:
        files.refuse_other(wanted(tmp_path / "nowhere", "0" * 64))

    assert refusal.value.next_step == "correct llm_api_model_path"


def test_a_folder_has_the_checksum_that_the_documented_command_prints(
    files: VerifiedFiles, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    (folder / "sub dir").mkdir(parents=True)
    for name in ("b.safetensors", "a.json", "sub dir/c", "Z"):
        (folder / name).write_text(name)
    command = "find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"
    said = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True)

    files.refuse_other(wanted(folder, said.stdout.split()[0]))
    (folder / "a.json").write_text("another")
    with pytest.raises(ToolkitError, match="is not the one that was meant"):
        files.refuse_other(wanted(folder, said.stdout.split()[0]))
