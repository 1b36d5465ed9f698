"""Stands in for llama-server: listens at once, is healthy soon, answers when its model is loaded."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

STARTED = time.monotonic()
HEALTHY_AFTER, LOADED_AFTER = 0.5, 2.0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        healthy = time.monotonic() > STARTED + HEALTHY_AFTER
        self.answer(200 if healthy else 503, {"status": "ok" if healthy else "loading model"})

    def do_POST(self) -> None:
        if time.monotonic() < STARTED + LOADED_AFTER:
            return self.answer(503, {"error": {"message": "Loading model", "code": 503}})
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = {"role": "assistant", "content": Path(options()["model"]).read_text()}
        return self.answer(200, {"model": asked["model"], "choices": [{"message": message}]})

    def answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


def options() -> dict[str, str]:
    return dict(word.removeprefix("--").split("=", 1) for word in sys.argv[1:] if "=" in word)


if __name__ == "__main__":
    ThreadingHTTPServer((options()["host"], int(options()["port"])), Handler).serve_forever()
