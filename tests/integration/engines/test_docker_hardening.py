"""The 32 runtime checks of docker-bench-security, section 5, over a container of the stack.

Source: https://github.com/docker/docker-bench-security, tests/5_container_runtime.sh.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tiny_stack import Stack

from day23.domain.errors import ToolkitError
from day23.domain.service_spec import ServiceSpec
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import daemon

Tiny = Callable[..., ServiceSpec]
Container = Mapping[str, Any]

SENSITIVE = {"/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"}

CHECKS: dict[str, Callable[[Container], bool]] = {
    "5.3 no SELinux or AppArmor opt-out": lambda c: "unconfined" not in str(c["HostConfig"]["SecurityOpt"]),
    "5.4 capabilities": lambda c: c["HostConfig"]["CapDrop"] == ["ALL"] and not c["HostConfig"]["CapAdd"],
    "5.5 not privileged": lambda c: not c["HostConfig"]["Privileged"],
    "5.6 no sensitive folder of the host": lambda c: (
        not SENSITIVE & {mount["Source"] for mount in c["Mounts"]}
    ),
    "5.8 no privileged port": lambda c: all(
        int(port.partition("/")[0]) >= 1024 for port in c["HostConfig"]["PortBindings"] or {}
    ),
    "5.11 memory": lambda c: c["HostConfig"]["Memory"] > 0,
    "5.12 cpu": lambda c: c["HostConfig"]["NanoCpus"] > 0,
    "5.13 read-only root": lambda c: c["HostConfig"]["ReadonlyRootfs"],
    "5.14 published on loopback only": lambda c: all(
        binding["HostIp"] == "127.0.0.1"
        for bindings in (c["HostConfig"]["PortBindings"] or {}).values()
        for binding in bindings
    ),
    "5.16 own processes": lambda c: c["HostConfig"]["PidMode"] != "host",
    "5.17 own IPC": lambda c: c["HostConfig"]["IpcMode"] == "private",
    "5.18 no device": lambda c: not c["HostConfig"]["Devices"],
    "5.19 default ulimits": lambda c: not c["HostConfig"]["Ulimits"],
    "5.20 no shared propagation": lambda c: all(
        mount["Propagation"] in ("", "rprivate") for mount in c["Mounts"]
    ),
    "5.21 own UTS": lambda c: c["HostConfig"]["UTSMode"] != "host",
    "5.22 seccomp": lambda c: "seccomp=unconfined" not in str(c["HostConfig"]["SecurityOpt"]),
    "5.23 5.24 no privileged or root exec": lambda c: not c["ExecIDs"],
    "5.25 no cgroup of its own choice": lambda c: not c["HostConfig"]["CgroupParent"],
    "5.26 no new privileges": lambda c: "no-new-privileges:true" in c["HostConfig"]["SecurityOpt"],
    "5.27 health check": lambda c: c["Config"]["Healthcheck"]["Test"][0] == "CMD",
    "5.29 pids": lambda c: c["HostConfig"]["PidsLimit"] > 0,
    "5.30 not the default bridge": lambda c: "bridge" not in c["NetworkSettings"]["Networks"],
    "5.31 no user namespace of the host": lambda c: c["HostConfig"]["UsernsMode"] != "host",
    "5.32 no socket of the daemon": lambda c: "docker.sock" not in str(c["Mounts"]),
}

NOT_APPLICABLE = {
    "5.1 swarm mode": "the stack runs on one host",
    "5.2 AppArmor profile": "the daemon applies its default where the kernel has AppArmor; we never opt out",
    "5.7 no ssh server": "process 1 starts one program, and images hold no other server",
    "5.9 only needed ports": "every published port is a line of the service's `listen`",
    "5.10 network of the host": "services listen on its loopback; stack_network=bridge gives them their own",
    "5.15 on-failure:5": "services come back however often they die; Docker's growing pause bounds it",
    "5.28 newest image": "images are named by content; `invoke day23.lock` moves them",
}


@pytest.fixture
def engine_name() -> str:
    return "docker"


@pytest.fixture
def container(stack: Stack, tiny: Tiny) -> Container:
    stack.up(tiny(secrets=["tiny_password"]))
    with DaemonSocket() as socket:
        [listed] = socket.containers(f"day23.root={stack.paths.root}")
        found = socket.container(listed["Id"])
    assert found is not None
    return found


def test_every_check_of_section_5_has_an_answer() -> None:
    numbers = {word for name in CHECKS | NOT_APPLICABLE for word in name.split() if word.startswith("5.")}

    assert numbers == {f"5.{number}" for number in range(1, 33)}


def test_passes_every_check_that_applies(container: Container) -> None:
    assert [name for name, holds in CHECKS.items() if not holds(container)] == []


def test_runs_as_the_owner_of_the_stack_root_and_never_as_root(stack: Stack, container: Container) -> None:
    owner = stack.paths.root.stat()

    assert container["Config"]["User"] == f"{owner.st_uid}:{owner.st_gid}"
    assert owner.st_uid != 0


def test_sees_its_own_secrets_only_and_as_files(stack: Stack, container: Container) -> None:
    secret = stack.paths.secret("tiny_password")

    mounted = [mount["Source"] for mount in container["Mounts"] if "/secrets/" in mount["Source"]]
    assert mounted == [str(secret)]
    assert secret.read_text() not in str(container)


def test_is_listed_as_a_project_of_compose(container: Container) -> None:
    labels = container["Config"]["Labels"]

    assert labels["com.docker.compose.project"].startswith("day23")
    assert labels["com.docker.compose.service"] == "tiny"
    assert labels["com.docker.compose.oneoff"] == "False"


def test_a_container_of_somebody_else_is_refused_and_left_alone(stack: Stack, tiny: Tiny) -> None:
    name = f"{stack.context.placement.project_of(stack.paths.root)}-tiny"
    foreign = daemon().create_container_from_config({"Image": "tiny:1", "Cmd": ["true"]}, name=name)["Id"]

    with pytest.raises(ToolkitError, match="belongs to another container"):
        stack.converge(tiny())

    with DaemonSocket() as socket:
        kept = socket.container(name)
    assert kept is not None
    assert kept["Id"] == foreign
    daemon().remove_container(foreign)


def test_an_unreachable_daemon_is_one_clear_error(
    stack: Stack, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
        with pytest.raises(ToolkitError, match="does not answer") as error:
            stack.engine.observe()
    assert "systemctl start docker" in error.value.next_step
