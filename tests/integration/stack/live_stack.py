"""A whole stack of a test's own: its folder, its ports, its playbooks."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import httpx2
import psutil
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from day23.domain.stack_paths import StackPaths
from day23.domain.stack_ports import shifted
from day23.infrastructure.secret_store import SecretStore
from free_ports import default_ports, free_offset

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Played:
    """What a playbook came to."""

    exit_code: int
    output: str

    @property
    def changed(self) -> int:
        recap = self.output.rsplit("PLAY RECAP", 1)[-1]
        return int(recap.split("changed=")[1].split()[0])


@dataclass(frozen=True)
class LiveStack:
    """Runs the project's playbooks on a stack root of its own, on ports that were free.

    Attributes:
        repository: The checkout whose playbooks run.
        more_ports: Default ports by name that this checkout has and the project's own has not.
        variables: Given to every playbook.
    """

    folder: Path
    offset: int = field(default_factory=free_offset)
    repository: Path = REPOSITORY
    more_ports: Mapping[str, int] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> StackPaths:
        return StackPaths(self.folder / "root")

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def datasets(self) -> Path:
        return self.folder / "benchmarks"

    @cached_property
    def ports(self) -> dict[str, int]:
        return shifted({**default_ports(), **self.more_ports}, self.offset)

    def play(self, verb: str, *options: str, **variables: Any) -> Played:
        chosen = {
            "stack_root": str(self.paths.root),
            "stack_port_offset": self.offset,
            "stack_env_file": str(self.folder / "env.infra"),
            "stack_dataset_dir": str(self.datasets),
            "stack_evidence_root": str(self.evidence),
            **self.variables,
            **variables,
        }
        program = [str(Path(sys.executable).with_name("ansible-playbook")), f"playbooks/{verb}.yml"]
        finished = subprocess.run(
            [*program, "-i", "inventories/local", "-e", json.dumps(chosen), *options],
            cwd=self.repository,
            env={**os.environ, "LC_ALL": "C.UTF-8", "ANSIBLE_FORCE_COLOR": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Played(finished.returncode, finished.stdout)

    def script(self, path: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self._run(sys.executable, path, *options)

    def day23(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run(str(Path(sys.executable).with_name("day23")), *words)

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=REPOSITORY,
            env={**os.environ, "DAY23_STACK_ROOT": str(self.paths.root), "PYTHONPATH": "."},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, service: str, path: str, **query: str) -> Any:
        address = f"http://127.0.0.1:{self.ports[service]}{path}?{urlencode(query)}"
        with urlopen(address, timeout=10) as answer:
            return json.load(answer)

    def promql(self, query: str) -> list[Any]:
        return list(self.ask("prometheus", "/api/v1/query", query=query)["data"]["result"])

    @asynccontextmanager
    async def assistant(self) -> AsyncIterator[Client]:
        """Connect to the MCP server as an assistant that was given the token."""
        token = SecretStore(self.paths).read("mcp_token")
        url = f"http://127.0.0.1:{self.ports['mcp_server']}/mcp"
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            yield client

    def processes(self) -> dict[str, psutil.Process]:
        """Return the main process of every service, by its name.

        The kernel lists connections in pieces, so one that is there may be missing from a single look.
        """
        listening = {
            connection.laddr.port: connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN and connection.pid
        }
        return {
            name: psutil.Process(listening[port]) for name, port in self.ports.items() if port in listening
        }
