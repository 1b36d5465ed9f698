"""Two real playbooks on one stack root."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  tasks:
    - day23_stack:
        stack: {root: "%(root)s", engine: process, repository: "%(repository)s"}
        ports: {mongodb: 28217, llm_api: 9200, prometheus: 10290}
        lock: up
    - ansible.builtin.file: {path: "%(repository)s/held", state: touch, mode: "0600"}
    - ansible.builtin.pause: {seconds: "{{ seconds }}"}
"""

pytestmark = pytest.mark.slow


class Playbooks:
    """Runs one playbook several times."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "play.yml"
        root = folder / "my root"
        self.path.write_text(PLAYBOOK % {"root": root, "repository": folder}, encoding="utf-8")

    def start(self, seconds: int) -> subprocess.Popen[str]:
        program = Path(sys.executable).with_name("ansible-playbook")
        return subprocess.Popen(
            [program, self.path, "-e", f"seconds={seconds}"],
            env={**os.environ, "ANSIBLE_CONFIG": str(REPOSITORY / "ansible.cfg")},
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self) -> tuple[int, str]:
        process = self.start(seconds=0)
        output, _ = process.communicate()
        return process.returncode, output

    def wait_until_held(self) -> None:
        deadline = time.monotonic() + 60
        while not (self.folder / "held").exists():
            assert time.monotonic() < deadline, "the first playbook never took the lock"
            time.sleep(0.05)


def test_the_second_is_refused_and_sigkill_of_the_first_frees_the_lock(tmp_path: Path) -> None:
    playbooks = Playbooks(tmp_path)
    first = playbooks.start(seconds=120)
    try:
        playbooks.wait_until_held()
        status, output = playbooks.run()
        assert status != 0
        assert '"exit_code": 75' in output
        assert f"another run holds the lock (pid {first.pid}, up, since 20" in output
    finally:
        first.kill()
        first.communicate()
    assert playbooks.run()[0] == 0
