"""A service as small as possible: tells over HTTP what it was given, and reads its file again when asked."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


def check(path: Path) -> int:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if "broken" in line:
            print(f"{path}:{number}: unknown directive 'broken'", file=sys.stderr)
            return 1
    return 0


class Server(HTTPServer):
    def __init__(self, host: str, port: int, path: Path) -> None:
        super().__init__((host, port), Handler)
        self.path = path
        self.read()

    def read(self, *_: object) -> None:
        self.content = self.path.read_text(encoding="utf-8")


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.answer(
            200,
            {
                "pid": os.getpid(),
                "arguments": sys.argv[1:],
                "environment": dict(os.environ),
                "content": self.server.content,
                "folder": str(Path.cwd()),
            },
        )

    def do_POST(self) -> None:
        if "refuse" in self.server.path.read_text(encoding="utf-8"):
            self.answer(500, {"error": "line 1 cannot be loaded"})
            return
        self.server.read()
        self.answer(200, {})

    def answer(self, status: int, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


def main() -> None:
    verb, path, *rest = sys.argv[1:]
    if verb == "check":
        raise SystemExit(check(Path(path)))
    if "dies" in rest:
        print("cannot go on", file=sys.stderr)
        raise SystemExit(1)
    server = Server(rest[0], int(rest[1]), Path(path))
    signal.signal(signal.SIGHUP, server.read)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if "stubborn" in rest:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(json.dumps({"level": "info", "event": "listening"}), flush=True)
    server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main()
