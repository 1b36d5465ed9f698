"""A real HTTP server that says what a function makes of each request."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = tuple[int, str, str]
"""Status, content type, body."""

Answer = Callable[[str, Message, bytes], Reply]
"""Given the path, the headers and the body, which is empty for GET; called from several threads."""


@contextmanager
def answering(answer: Answer, *, delays_small_packets: bool = True) -> Iterator[str]:
    """Serve on a free port; yields the URL.

    Args:
        delays_small_packets: As sockets do unless told otherwise, which makes an answer take 40 ms.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = not delays_small_packets

        def do_GET(self) -> None:
            self._send(*answer(self.path, self.headers, b""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._send(*answer(self.path, self.headers, body))

        def _send(self, status: int, kind: str, body: str) -> None:
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
