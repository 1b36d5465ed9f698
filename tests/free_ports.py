"""Ports that nobody listens on, and that no other test process has chosen."""

import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from day23.domain.stack_ports import OFFSETS, shifted

REPOSITORY = Path(__file__).resolve().parents[1]


def default_ports() -> dict[str, int]:
    role = (REPOSITORY / "roles/stack/defaults/main.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(role)["stack_default_ports"])


def free_offset(more_ports: Mapping[str, int] = MappingProxyType({})) -> int:
    """Return an offset at which every port of the stack, and of `more_ports`, is free.

    Until this process ends, no other one is given any of these ports: it may take a stack minutes to listen.
    """
    for offset in random.sample(OFFSETS, len(OFFSETS)):
        ports = shifted({**default_ports(), **more_ports}, offset).values()
        if _claim(ports) and all(map(_is_free, ports)):
            return offset
    raise AssertionError("no port offset is free")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _claim(ports: Iterable[int]) -> bool:
    """Lock one byte of a file for each port; the kernel frees them with the process."""
    try:
        for port in ports:
            fcntl.lockf(_claims(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except BlockingIOError:
        return False
    return True


@cache
def _claims() -> int:
    """Return a file that all test processes of this user share; closing it would give the claims up."""
    path = Path(tempfile.gettempdir()) / f"day23-test-ports.{os.getuid()}"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
