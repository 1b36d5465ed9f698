"""A real Loki with the role's own configuration, on ports and a folder of a test's own."""

import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import yaml
from jinja2 import Environment, StrictUndefined
from role_artifacts import REPOSITORY, program_of

from day23.domain.stack_ports import shifted
from free_ports import default_ports, free_offset

ROLE = REPOSITORY / "roles/loki"
_READY_SECONDS = 60


@dataclass
class ThrowawayLoki:
    """Loki below `folder`; `flags` are added to its command and win over the configuration."""

    folder: Path
    flags: tuple[str, ...] = ()
    offset: int = field(default_factory=free_offset)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def ports(self) -> dict[str, int]:
        return shifted(default_ports(), self.offset)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['loki']}"

    def start(self) -> None:
        program = program_of("loki")
        configuration = self.folder / "loki.yml"
        configuration.write_text(self._configuration(), encoding="utf-8")
        (self.folder / "rules").mkdir(exist_ok=True)
        with (self.folder / "loki.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(program.binaries["loki"]), f"-config.file={configuration}", *self.flags],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._await_ready()

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=60)

    def forget_memory(self) -> None:
        """Remove the write-ahead log of a server that was stopped, so that the next start replays nothing."""
        shutil.rmtree(self.folder / "data/wal")

    def push(self, labels: dict[str, str], at: datetime, text: str) -> None:
        stream = {"stream": labels, "values": [[_nanoseconds(at), text]]}
        body = {"streams": [stream]}
        httpx2.post(f"{self.url}/loki/api/v1/push", json=body).raise_for_status()

    def flush(self) -> None:
        """Write everything from memory into chunks, where queries of the past look."""
        httpx2.post(f"{self.url}/flush").raise_for_status()
        time.sleep(1)

    def chunks(self) -> list[Path]:
        """Return the files that hold log lines."""
        return [path for path in (self.folder / "data/chunks/fake").rglob("*") if path.is_file()]

    def lines(self, selector: str, at: datetime) -> list[str]:
        """Return the lines within an hour of `at`."""
        span = {
            "start": _nanoseconds(at - timedelta(hours=1)),
            "end": _nanoseconds(at + timedelta(hours=1)),
        }
        answer = httpx2.get(f"{self.url}/loki/api/v1/query_range", params={"query": selector, **span})
        streams: list[dict[str, Any]] = answer.json()["data"]["result"]
        return [value[1] for stream in streams for value in stream["values"]]

    def _configuration(self) -> str:
        """Render the role's template with the role's defaults, as the play does, and fill in the folders."""
        endpoints = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        variables = yaml.safe_load((ROLE / "defaults/main.yml").read_text(encoding="utf-8"))
        template = Environment(undefined=StrictUndefined, autoescape=False).from_string(  # noqa: S701  # YAML
            (ROLE / "templates/loki.yml.j2").read_text(encoding="utf-8")
        )
        text = template.render(
            loki_retention=variables["loki_retention"], stack_ports=self.ports, stack_endpoints=endpoints
        )
        for name, value in {
            "bind": "127.0.0.1",
            "data": f"{self.folder}/data",
            "config": self.folder,
        }.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def _await_ready(self) -> None:
        ends = time.monotonic() + _READY_SECONDS
        while time.monotonic() < ends:
            with suppress(httpx2.HTTPError):
                if httpx2.get(f"{self.url}/ready", timeout=2).is_success:
                    return
            time.sleep(0.2)
        raise AssertionError((self.folder / "loki.log").read_text(encoding="utf-8")[-2000:])


def _nanoseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1e9))
