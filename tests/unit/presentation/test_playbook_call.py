import json
import shlex
import sys
from pathlib import Path

from day23.presentation.playbook_call import PlaybookCall


def test_the_echoed_line_says_everything_and_survives_the_shell(tmp_path: Path) -> None:
    variables = {"seed_source": "/data/it's here; rm", "seed_skip_bad": True, "stack_port_offset": 1000}
    call = PlaybookCall(tmp_path, "seed", "local", variables, predict=True, verbosity=3)

    words = shlex.split(call.command_line())

    assert words[1:7] == ["playbooks/seed.yml", "-i", "inventories/local", "--check", "--diff", "-vvv"]
    assert json.loads(words[words.index("-e") + 1]) == variables


def test_without_variables_there_is_nothing_to_pass(tmp_path: Path) -> None:
    assert "-e" not in PlaybookCall(tmp_path, "up").command_line()


def test_the_program_is_the_one_of_this_environment() -> None:
    project = Path(sys.executable).parents[2]

    assert (
        PlaybookCall(project, "up").command_line().startswith(".venv/bin/ansible-playbook playbooks/up.yml")
    )
