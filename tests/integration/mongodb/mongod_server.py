"""A real mongod that tests start, kill and start again."""

import os
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from day23.domain.artifact import ResolvedArtifact
from day23.domain.stack_paths import StackPaths

USERS = ("admin", "seeder", "exporter", "benchmark", "tracer", "butler")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mongod:
    """One server on one data folder; may be killed and started again, on another port too."""

    program: ResolvedArtifact
    paths: StackPaths
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.paths.data / "mongodb"

    @property
    def log(self) -> Path:
        return self.paths.log("mongodb", "stdout")

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        options = {
            "--dbpath": str(self.data),
            "--port": str(self.port),
            "--bind_ip": "127.0.0.1",
            "--replSet": "rs0",
            "--keyFile": str(self.paths.secret("mongodb_keyfile")),
            "--wiredTigerCacheSizeGB": "0.25",
            "--oplogSize": "64",
            "--setParameter": "diagnosticDataCollectionEnabled=false",
        }
        words = [word for option in options.items() for word in option]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.program.binaries["mongod"]), *words, "--nounixsocket"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.program.environment},
            )

    def end(self, by: signal.Signals = signal.SIGKILL) -> None:
        if self.process:
            self.process.send_signal(by)
            self.process.wait(30)
            self.process = None
