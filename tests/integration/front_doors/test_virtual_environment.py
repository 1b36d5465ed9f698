"""`scripts/ci/venv.sh` with a stand-in for Python that records what it is asked to do."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "ci" / "venv.sh"
FAKE_PYTHON = """#!/bin/sh
echo "$*" >>"{log}"
case "$*" in
    *"version_info <"*) exit {too_old} ;;
    *"version_info[:2]"*) echo 3.11 ;;
    *ensurepip*) exit {no_venv} ;;
    "-m venv"*)
        mkdir -p .venv/bin
        cp "$0" .venv/bin/python
        echo "#!$PWD/.venv/bin/python" >.venv/bin/pip ;;
    "-m pip install"*) test ! -e "{broken}" ;;
esac
"""


class Checkout:
    """A project with lock files, and a Python that only pretends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.parent / "asked.log"
        self.broken = folder.parent / "network-is-down"
        folder.mkdir()
        for name in ("requirements.txt", "requirements-hosts.txt", "requirements-dev.txt", "pyproject.toml"):
            (folder / name).write_text(f"{name}==1\n")
        self.fake_python()

    def fake_python(self, *, too_old: int = 0, no_venv: int = 0) -> None:
        program = self.folder.parent / "python"
        program.write_text(
            FAKE_PYTHON.format(log=self.log, too_old=too_old, no_venv=no_venv, broken=self.broken)
        )
        program.chmod(0o755)

    def run(self, kind: str = "runtime") -> subprocess.CompletedProcess[str]:
        self.log.unlink(missing_ok=True)
        environment = {"PATH": "/usr/bin:/bin", "PYTHON": str(self.folder.parent / "python")}
        command = ["sh", str(SCRIPT), kind]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    @property
    def installed(self) -> list[str]:
        asked = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.split()[-1] for line in asked if line.startswith("-m pip install")]

    @property
    def made(self) -> bool:
        return "-m venv --clear .venv" in self.log.read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def test_a_fresh_clone_gets_the_runtime_by_hash_and_the_toolkit_without_network(checkout: Checkout) -> None:
    result = checkout.run()

    assert result.returncode == 0, result.stderr
    assert checkout.made
    assert checkout.installed == ["requirements.txt", "."]
    asked = checkout.log.read_text()
    assert "--require-hashes -r requirements.txt" in asked
    assert "--no-deps --no-index --no-build-isolation -e ." in asked


def test_nothing_is_done_and_nothing_is_said_when_nothing_changed(checkout: Checkout) -> None:
    checkout.run("dev")

    for kind in ("dev", "runtime"):
        result = checkout.run(kind)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
        assert checkout.installed == []


def test_hosts_that_ask_get_more_and_keep_it(checkout: Checkout) -> None:
    checkout.run()

    checkout.run("hosts")
    assert checkout.installed == ["requirements-hosts.txt"]
    for kind in ("hosts", "runtime"):
        assert checkout.run(kind).stderr == ""


def test_only_what_changed_is_installed_again(checkout: Checkout) -> None:
    checkout.run()

    (checkout.folder / "requirements.txt").write_text("another==2\n")
    checkout.run()
    assert (checkout.made, checkout.installed) == (False, ["requirements.txt"])

    (checkout.folder / "pyproject.toml").write_text("version = 2\n")
    checkout.run()
    assert checkout.installed == ["."]


def test_an_installation_that_was_cut_short_is_finished_by_the_next_run(checkout: Checkout) -> None:
    checkout.broken.touch()
    assert checkout.run().returncode == 1

    checkout.broken.unlink()
    assert checkout.run().returncode == 0
    assert checkout.installed == ["requirements.txt", "."]


def test_an_environment_without_its_python_or_from_another_folder_is_made_anew(checkout: Checkout) -> None:
    checkout.run()
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    checkout.run()
    assert checkout.made

    shutil.move(checkout.folder, checkout.folder.with_name("moved"))
    checkout.folder = checkout.folder.with_name("moved")
    checkout.run()
    assert checkout.made


def test_a_missing_venv_module_is_named_with_its_package(checkout: Checkout) -> None:
    checkout.fake_python(no_venv=1)

    result = checkout.run()

    assert result.returncode == 1
    assert "sudo apt-get install python3.11-venv" in result.stderr.splitlines()[-1]


def test_an_old_python_is_refused(checkout: Checkout) -> None:
    checkout.fake_python(too_old=1)

    result = checkout.run()

    assert result.returncode == 1
    assert "Python 3.11 or newer is needed" in result.stderr


def test_a_folder_with_a_space_is_refused(tmp_path: Path) -> None:
    result = Checkout(tmp_path / "my checkout").run()

    assert result.returncode == 1
    assert "has a space in it" in result.stderr


def test_anything_else_is_a_usage_error(checkout: Checkout) -> None:
    assert checkout.run("everything").returncode == 64
