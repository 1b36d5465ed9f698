"""A daemon that only tells its version, on a real socket: older ones than Debian has cannot be installed."""

import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path


@contextmanager
def old_daemon(socket: Path, version: Mapping[str, str]) -> Iterator[str]:
    """Answer `/version` with `version` and refuse everything else, as a daemon does that is too old."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_asked = self.path == "/version"
            refusal = {"message": f"client version is too new. Maximum is {version['ApiVersion']}"}
            body = json.dumps(version if is_asked else refusal).encode()
            self.send_response(200 if is_asked else 400)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_: object) -> None:
            return

    with socketserver.ThreadingUnixStreamServer(str(socket), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"unix://{socket}"
        finally:
            server.shutdown()
            thread.join()
