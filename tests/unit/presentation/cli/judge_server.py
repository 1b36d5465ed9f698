"""A real HTTP server: the model under test to streamed requests, a scripted judge to plain ones."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from day23.domain.scenario import QUALITY_METRICS

ANSWER = "- Рубль укрепился до 104 за доллар.\n- Открыли музей кино.\n- Завтра снег."
HANG = "HANG"

Material = dict[str, Any]
Reply = tuple[int, str, str]
"""Status, content type, body."""

Judge = Callable[[Material, int], str | Reply]
"""Answers a pair: text for a completion, or a raw reply; told how often it saw these very words."""


@dataclass
class JudgeServer:
    """Where it listens and what it was asked.

    Attributes:
        model: The only model that a judge's request may name; empty for any.
    """

    judge: Judge
    model: str = ""
    url: str = ""
    asked: Counter[str] = field(default_factory=Counter)

    def reply(self, request: dict[str, Any]) -> Reply:
        """Return what the judge says to a request."""
        if self.model and request["model"] != self.model:
            return 404, "application/json", '{"error": {"message": "no such model"}}'
        words = request["messages"][1]["content"]
        self.asked[words] += 1
        said = self.judge(json.loads(words), self.asked[words])
        if isinstance(said, tuple):
            return said
        body = {"model": request["model"], "choices": [{"message": {"content": said}}]}
        return 200, "application/json", json.dumps(body)


def judgement(better: str, first: str = "полностью", second: str = "частично") -> str:
    """Return a judgement in the form that is asked for."""
    scores = {
        "first": dict.fromkeys(QUALITY_METRICS, first),
        "second": dict.fromkeys(QUALITY_METRICS, second),
    }
    return json.dumps(scores | {"better": better}, ensure_ascii=False)


def looks_at_the_text(material: Material, _seen: int = 1) -> str:
    """Prefer the answer, wherever it stands."""
    if material["first"] == material["second"]:
        return judgement("equal", "полностью", "полностью")
    if material["first"] == ANSWER:
        return judgement("first")
    return judgement("second", "частично", "полностью")


@contextmanager
def serving(judge: Judge, model: str = "") -> Iterator[JudgeServer]:
    """Serve on a free port."""
    found = JudgeServer(judge, model)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, kind, body = _streamed() if request.get("stream") else found.reply(request)
            if body == HANG:
                time.sleep(2)
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _streamed() -> Reply:
    event = {"model": "tested", "choices": [{"delta": {"content": ANSWER}}]}
    return 200, "text/event-stream", f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n"
