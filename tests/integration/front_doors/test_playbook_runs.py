"""The playbook runner with the real ansible-runner and real playbooks."""

import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_outcome import PlaybookOutcome
from day23.presentation.playbook_runner import run_playbook
from day23.presentation.progress_view import SilentView

HOSTS = """
all:
  children:
    stack:
      hosts:
        localhost:
          ansible_connection: local
          ansible_python_interpreter: "{{ ansible_playbook_python }}"
"""
TYPES = """
- hosts: stack
  gather_facts: false
  tasks:
    - ansible.builtin.assert:
        that: [flag is true, number + 1 == 3, names is sequence, text == "it's here"]
"""
REFUSING = """
- hosts: stack
  gather_facts: false
  tasks:
    - ansible.builtin.fail: {msg: "port 9090 is in use"}
"""
BROKEN = """
- hosts: stack
  tasks:
    - no_such_module: {}
"""
SLOW = """
- hosts: stack
  gather_facts: false
  tasks:
    - ansible.builtin.command: sleep 61.7
      changed_when: false
"""
DRIVER = """
import sys
from pathlib import Path
from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_runner import run_playbook
from day23.presentation.progress_view import SilentView

project = Path(sys.argv[1])
sys.exit(run_playbook(PlaybookCall(project, "slow"), project / "events.jsonl", SilentView()).exit_code)
"""
VARIABLES = {"flag": True, "number": 2, "names": ["a"], "text": "it's here"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "inventories" / "local").mkdir(parents=True)
    (folder / "inventories" / "local" / "hosts.yml").write_text(HOSTS)
    (folder / "ansible.cfg").write_text("[defaults]\n")
    (folder / "playbooks").mkdir()
    for name, text in {"types": TYPES, "refusing": REFUSING, "broken": BROKEN, "slow": SLOW}.items():
        (folder / "playbooks" / f"{name}.yml").write_text(text)
    return folder


def _run(project: Path, verb: str) -> PlaybookOutcome:
    return run_playbook(
        PlaybookCall(project, verb, variables=VARIABLES), project / "events.jsonl", SilentView()
    )


def test_variables_keep_their_types_and_nothing_is_left_in_the_project(project: Path) -> None:
    outcome = _run(project, "types")

    assert (outcome.exit_code, outcome.message) == (0, "")
    assert outcome.totals["ok"] == 1
    assert {path.name for path in project.iterdir()} == {"inventories", "ansible.cfg", "playbooks"}


def test_the_echoed_line_does_the_same(project: Path) -> None:
    command = shlex.split(PlaybookCall(project, "types", variables=VARIABLES).command_line())

    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_the_reason_is_the_tasks_own_message(project: Path) -> None:
    outcome = _run(project, "refusing")

    assert (outcome.exit_code, outcome.message) == (1, "port 9090 is in use")


def test_a_playbook_that_cannot_start_says_what_ansible_said(project: Path) -> None:
    outcome = _run(project, "broken")

    assert outcome.exit_code == 1
    assert "no_such_module" in outcome.message


def test_an_interrupt_ends_the_modules_too(project: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", DRIVER, str(project)]) as driver:
        sleeper = _sleeper_below(driver.pid)
        driver.send_signal(signal.SIGINT)

        assert driver.wait(timeout=20) == 130
    _, alive = psutil.wait_procs([sleeper], timeout=5)
    assert alive == []


def _sleeper_below(pid: int) -> psutil.Process:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for process in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if process.name() == "sleep":
                    return process
        time.sleep(0.1)
    raise AssertionError("the playbook never came to its slow task")
