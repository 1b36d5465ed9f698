"""What comes back by itself, what stays as a person left it, and who may run the stack."""

import signal
import subprocess
import time
from collections.abc import Callable

import psutil
import pytest
from tiny_stack import Stack, eventually

from day23.domain.service_spec import ServiceSpec
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import daemon

Tiny = Callable[..., ServiceSpec]


@pytest.fixture
def engine_name() -> str:
    return "docker"


def test_a_killed_program_comes_back_as_its_attendant_does(stack: Stack, tiny: Tiny) -> None:
    """Process 1 of a container starts the program: killing either is a crash."""
    stack.up(tiny())
    [program] = psutil.Process(stack.pid("tiny")).children()

    program.send_signal(signal.SIGKILL)

    assert eventually(lambda: is_answered_by_another(stack, program.pid))
    assert stack.up(tiny()) == ["unchanged"]


def test_a_person_who_kills_a_container_is_obeyed_until_the_next_up(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny(), tiny("bystander"))

    daemon().kill(container_id(stack, "tiny"))

    assert eventually(lambda: not stack.observed("tiny").state.is_alive)
    time.sleep(1)
    assert not stack.observed("tiny").state.is_alive
    assert stack.up(tiny(), tiny("bystander")) == ["started", "unchanged"]


def test_changing_one_service_keeps_the_containers_of_all_others(stack: Stack, tiny: Tiny) -> None:
    names = ["one", "two", "three"]
    stack.up(*(tiny(name) for name in names))
    before = {name: container_id(stack, name) for name in names}

    stack.up(tiny("one"), tiny("two", "changed\n"), tiny("three"))

    after = {name: container_id(stack, name) for name in names}
    assert [name for name in names if before[name] != after[name]] == ["two"]


def test_compose_lists_the_stack(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny("loki"), tiny("mongodb"))
    project = stack.context.placement.project_of(stack.paths.root)
    if subprocess.run(["docker", "compose", "version"], check=False, capture_output=True).returncode:
        pytest.skip("the Compose plugin is not installed")

    listed = subprocess.run(
        ["docker", "compose", "-p", project, "ps", "--services"], check=True, capture_output=True, text=True
    )

    assert sorted(listed.stdout.split()) == ["loki", "shared-mongo"]


def is_answered_by_another(stack: Stack, pid: int) -> bool:
    try:
        [program] = psutil.Process(stack.pid("tiny")).children()
    except (AssertionError, ValueError, psutil.Error):
        return False
    return program.pid != pid and stack.observed("tiny").state.is_alive


def container_id(stack: Stack, service: str) -> str:
    with DaemonSocket() as asked:
        [listed] = asked.containers(f"day23.root={stack.paths.root}", f"day23.service={service}")
    return str(listed["Id"])
