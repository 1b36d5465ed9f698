"""A container registry as small as possible, on a real socket."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "a-token-for-anybody"


@dataclass
class FakeRegistry:
    """What a registry answers.

    Attributes:
        manifests: Content by `repository:tag`.
        names_digest: What it sends as digest by `repository:tag`; nothing is sent for the others.
        blobs: Content by digest.
        wants_token: Whether it first sends clients to its token service.
    """

    manifests: Mapping[str, bytes] = field(default_factory=dict)
    names_digest: Mapping[str, str] = field(default_factory=dict)
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    wants_token: bool = False
    status: int = 200
    address: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serving(registry: FakeRegistry) -> Iterator[FakeRegistry]:
    """Answer on a free port of loopback."""

    class Handler(_Handler):
        of = registry

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    registry.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    of: FakeRegistry

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def do_GET(self) -> None:
        if self.path.startswith("/token?"):
            self._answer(200, {}, json.dumps({"token": TOKEN}).encode())
            return
        self._serve(with_body=True)

    def _serve(self, *, with_body: bool) -> None:
        self.of.asked.append((self.command, self.path))
        if self.of.wants_token and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            realm = f'Bearer realm="http://{self.of.address}/token",service="fake",scope="pull"'
            self._answer(401, {"WWW-Authenticate": realm}, b"")
            return
        if self.path == "/v2/":
            self._answer(200, {}, b"")
            return
        if "/blobs/" in self.path:
            self._answer(200, {}, self.of.blobs[self.path.rpartition("/")[2]])
            return
        repository, _, tag = self.path.removeprefix("/v2/").partition("/manifests/")
        image = f"{repository}:{tag}"
        if image not in self.of.manifests:
            self._answer(404, {}, b"")
            return
        named = self.of.names_digest.get(image)
        headers = {"Docker-Content-Digest": named} if named else {}
        headers["Content-Type"] = "application/vnd.docker.distribution.manifest.v2+json"
        self._answer(self.of.status, headers, self.of.manifests[image] if with_body else b"")

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return
