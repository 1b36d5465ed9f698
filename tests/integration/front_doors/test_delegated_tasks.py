"""What this machine does on behalf of a host that is driven over SSH, it does in its own folders."""

import json
from pathlib import Path

import pytest

from rehearsal import REPOSITORY, run

PLAY = """
- hosts: stack
  gather_facts: false
  vars_files: [{repository}/roles/stack/defaults/main.yml, {repository}/roles/toolkit/defaults/main.yml]
  tasks:
    - ansible.builtin.copy:
        content: "{{{{ toolkit_controller | to_json }}}}"
        dest: "{answer}"
        mode: "0600"
      delegate_to: localhost
"""


@pytest.mark.parametrize("connection", ["", "local"])
def test_the_controller_works_in_its_own_checkout(tmp_path: Path, connection: str) -> None:
    inventory, play, answer = (tmp_path / name for name in ("hosts.yml", "play.yml", "answer.json"))
    said = f"ansible_connection: {connection}" if connection else "ansible_user: butler"
    inventory.write_text(f"stack: {{hosts: {{far: {{{said}}}}}}}", encoding="utf-8")
    play.write_text(PLAY.format(repository=REPOSITORY, answer=answer), encoding="utf-8")
    there = {"stack_repository": str(REPOSITORY), "stack_home": "/srv/there", "stack_root": "/srv/there/root"}

    done = run([".venv/bin/ansible-playbook", str(play), "-i", str(inventory), "-e", json.dumps(there)])

    assert done.returncode == 0, done.stdout[-2000:]
    told = json.loads(answer.read_bytes())
    here = {"root": f"{REPOSITORY}/.day23", "repository": str(REPOSITORY)}
    there = {"root": "/srv/there/root", "repository": "/srv/there"}
    assert {key: told[key] for key in here} == (there if connection else here)
