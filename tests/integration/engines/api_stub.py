"""A daemon that answers few questions, on a real socket: older or smaller than one that tests can start."""

import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path


@contextmanager
def stub_daemon(socket: Path, answers: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Answer these paths and refuse everything else, as a daemon does that is too old; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = answers.get(self.path)
            body = json.dumps(known or {"message": "client version is too new"}).encode()
            self.send_response(200 if known else 400)
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
