"""A host that is driven over SSH, on an sshd of the test's own: molecule scenarios, a restart validation."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import pytest
import scenarios

from day23.domain.restart.judgement import RestartReport, RestartVerdict
from free_ports import free_offset
from rehearsal import run
from ssh_host import SshHost, ssh_host

pytestmark = pytest.mark.timeout(600)

INTERVALS = "inventories/rehearsal/group_vars/all.yml"


@pytest.fixture(scope="module")
def host() -> Iterator[SshHost]:
    # sshd and the user pass through every folder above, which pytest's are closed to
    with TemporaryDirectory(prefix="d23s-") as folder, ssh_host(Path(folder)) as made:
        yield made


@pytest.mark.parametrize("scenario", scenarios.scenarios("over_"))
def test_scenario(host: SshHost, scenario: str) -> None:
    scenarios.run(
        scenario,
        stack_root=host.home / "day23/.day23",
        DAY23_SSH_PORT=str(host.port),
        DAY23_SSH_USER=host.user,
        DAY23_SSH_FOLDER=str(host.folder),
        DAY23_SSH_HOME=str(host.home),
    )


def play(host: SshHost, verb: str, **variables: object) -> CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    inventory = ["-i", str(host.folder / "inventory.yml"), "-e", f"@{INTERVALS}"]
    return run([program, f"playbooks/{verb}.yml", *inventory, "-e", json.dumps(variables)])


def watchers(host: SshHost) -> list[int]:
    return [each.pid for each in host.processes() if "day23.presentation.restart_watch" in each.cmdline()]


@pytest.mark.slow
@pytest.mark.stack
def test_a_restart_is_validated_there_and_the_evidence_comes_here(host: SshHost, tmp_path: Path) -> None:
    host.inventory(
        ansible_python_interpreter="auto_silent",
        stack_port_offset=free_offset(),
        toolkit_evidence_root=str(tmp_path),
    )
    came_up = play(host, "up")
    assert came_up.returncode == 0, came_up.stdout[-4000:]

    done = play(host, "restart_validation", restart_validation_disruption="service:loki")

    assert done.returncode == 0, done.stdout[-4000:]
    verdict = next(tmp_path.glob("*/restart_validation.json"))
    report = RestartReport.model_validate_json(verdict.read_bytes())
    assert report.verdict is RestartVerdict.PASSED
    assert report.figure("it_happened", "restarted") == 1
    hashed = json.loads((verdict.parent / "restart/manifest.json").read_bytes())["files"]
    assert all((verdict.parent / "restart" / name).is_file() for name in hashed)
    assert {"index.html", "timeline.png", "looks.jsonl", "file.ledger.jsonl"} <= hashed.keys()
    assert not watchers(host)

    shutil.rmtree(verdict.parent)  # as if the line had been lost before it came
    asked_again = play(host, "restart_validation", restart_validation_phase="verify")

    assert asked_again.returncode == 0, asked_again.stdout[-4000:]
    assert RestartReport.model_validate_json(verdict.read_bytes()) == report
