"""Throw-away servers of the alert path: a real Loki, a real Alertmanager, and a webhook that remembers."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from day23.domain.artifact import ResolvedArtifact

PATIENCE_SECONDS = 60


@contextmanager
def program(artifact: ResolvedArtifact, name: str, *options: str, log: Path | None = None) -> Iterator[None]:
    """Run one program until the block ends."""
    with (log or Path(os.devnull)).open("wb") as output:
        server = subprocess.Popen(
            [str(artifact.binaries[name]), *options],
            env={**os.environ, **artifact.environment},
            stdout=output,
            stderr=output,
        )
        try:
            yield
        finally:
            server.kill()
            server.wait()


class Webhook:
    """Receives Alertmanager's notifications and remembers them."""

    def __init__(self) -> None:
        self.notifications: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def told(self, status: str) -> set[tuple[str, str]]:
        """Return alert name and service of everything that was told with this status."""
        return {
            (alert["labels"]["alertname"], alert["labels"].get("service", ""))
            for notification in list(self.notifications)
            for alert in notification["alerts"]
            if alert["status"] == status
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        notifications = self.notifications

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                notifications.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class' name
                return

        return Handler


def post(url: str, body: Mapping[str, Any] | list[Any]) -> None:
    headers = {"Content-Type": "application/json"}
    urlopen(Request(url, json.dumps(body).encode(), headers), timeout=10).close()  # noqa: S310 - loopback


def ask(url: str) -> Any:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def text_of(url: str) -> str:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        return str(answer.read().decode())


def eventually(holds: Callable[[], Any], within: float = PATIENCE_SECONDS) -> Any:
    """Return what `holds` returns as soon as it is something."""
    deadline = time.monotonic() + within
    while True:
        try:
            if value := holds():
                return value
        except OSError:
            pass
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.2)
