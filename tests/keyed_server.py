"""An LLM API that wants a key, and that sends the header it got back wherever a server may do so."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from day23.domain.scenario import QUALITY_METRICS

LONG = "x" * 190
"""Puts the key where messages are cut off."""

_EARLY = 5


@dataclass
class KeyedServer:
    """Where it listens, and which headers came.

    Attributes:
        keys: Those that it accepts; an empty one for callers without any.
        fails_at: Chat requests, by number, that get an error with the header in it.
        listed: Whether the list of models is for everybody.
        seconds: How long an answer takes.
        commands: The command lines of all processes while one of the first requests was answered.
    """

    keys: tuple[str, ...]
    fails_at: frozenset[int] = frozenset()
    listed: bool = False
    seconds: float = 0.0
    url: str = ""
    headers: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def listing(self, path: str, header: str) -> tuple[int, str, str]:
        """Return the answer to a question about the server."""
        if not self.listed and not self._is_known(header):
            return self._refusal(header)
        told = {"data": [{"id": "m", "owned_by": f"echo {header}"}]} if path == "/v1/models" else {}
        return 200, "application/json", json.dumps(told | {"version": header})

    def completion(self, request: dict[str, object], header: str) -> tuple[int, str, str]:
        """Return the answer to a chat request."""
        with self._counting:
            self.headers.append(header)
            number = len(self.headers)
        time.sleep(self.seconds)
        if not self._is_known(header):
            return self._refusal(header)
        if number == _EARLY:
            found = psutil.process_iter(["cmdline"])
            self.commands = [" ".join(each.info["cmdline"] or ()) for each in found]
        if number in self.fails_at:
            return 400, "application/json", json.dumps({"error": {"message": f"{LONG} {header}"}})
        if not request.get("stream"):
            scores = dict.fromkeys(QUALITY_METRICS, "полностью")
            said = json.dumps({"first": scores, "second": scores, "better": "equal"}, ensure_ascii=False)
            body = {"model": f"m {header}", "choices": [{"message": {"content": said}}]}
            return 200, "application/json", json.dumps(body)
        parts = ("- Рубль укрепился до 104 за доллар. ", header[:9], header[9:])
        chunks = ({"model": f"m {header}", "choices": [{"delta": {"content": part}}]} for part in parts)
        text = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks)
        return 200, "text/event-stream", f"{text}data: [DONE]\n\n"

    def _is_known(self, header: str) -> bool:
        return header in {f"Bearer {key}" if key else "" for key in self.keys}

    def _refusal(self, header: str) -> tuple[int, str, str]:
        return 401, "application/json", json.dumps({"error": {"message": f"no such key: {header}"}})


@contextmanager
def keyed_server(
    *keys: str, fails_at: frozenset[int] = frozenset(), listed: bool = False, seconds: float = 0.0
) -> Iterator[KeyedServer]:
    """Serve on a free port."""
    found = KeyedServer(keys, fails_at, listed, seconds)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(*found.listing(self.path, self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(*found.completion(request, self.headers.get("Authorization", "")))

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
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def files_with(folder: Path, text: str) -> list[Path]:
    """Return the files below a folder that hold a text; of what is not text, the bytes are searched."""
    wanted = text.encode()
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and wanted in path.read_bytes()]
