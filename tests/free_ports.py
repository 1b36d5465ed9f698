"""Ports that nobody listens on."""

import random
import socket
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import yaml

from day23.domain.stack_ports import OFFSETS, shifted

REPOSITORY = Path(__file__).resolve().parents[1]


def default_ports() -> dict[str, int]:
    role = (REPOSITORY / "roles/stack/defaults/main.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(role)["stack_default_ports"])


def free_offset(more_ports: Mapping[str, int] = MappingProxyType({})) -> int:
    """Return an offset at which every port of the stack, and of `more_ports`, is free."""
    for offset in random.sample(OFFSETS, len(OFFSETS)):
        if all(_is_free(port) for port in shifted({**default_ports(), **more_ports}, offset).values()):
            return offset
    raise AssertionError("no port offset is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
