"""Commands in messages are about the stack that the message is about."""

import shlex
from pathlib import Path

import pytest

from day23.domain.stack_words import StackWords

CHECKOUT = Path("/home/ops/day23")
SECOND = StackWords.of(Path("/srv/my second"), CHECKOUT, "rehearsal", 1000)

ROOT = "STACK_ROOT='/srv/my second'"
OWN = f"INVENTORY=rehearsal {ROOT} PORT_OFFSET=1000"
FLAGS = "--inventory rehearsal --stack-root '/srv/my second' --port-offset 1000"


@pytest.mark.parametrize(
    ("message", "completed"),
    [
        (
            "loki is down: make day-23-up; see why: make day-23-logs SERVICE=loki",
            f"loki is down: make day-23-up {OWN}; see why: make day-23-logs {ROOT} SERVICE=loki",
        ),
        (
            "invoke day23.validate --phase record",
            f"invoke day23.validate {FLAGS} --phase record",
        ),
        ("invoke day23.logs loki", "invoke day23.logs --stack-root '/srv/my second' loki"),
        ("pin it with invoke day23.lock", "pin it with invoke day23.lock"),
        ("make day-23-down STACK_ROOT=/srv/third", "make day-23-down STACK_ROOT=/srv/third"),
        ("make venv-dev", "make venv-dev"),
    ],
)
def test_each_command_gets_what_it_takes(message: str, completed: str) -> None:
    assert SECOND.completed(message) == completed
    assert SECOND.completed(completed) == completed
    assert shlex.split(completed)


def test_the_default_stack_s_commands_stay_short() -> None:
    words = StackWords.of(CHECKOUT / ".day23", CHECKOUT, "local", 0)

    assert words.completed("make day-23-up, or invoke day23.up") == "make day-23-up, or invoke day23.up"
