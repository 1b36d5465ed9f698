"""Asking a service whether it serves, and asking it to reload."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.service_spec import Ready
from day23.infrastructure.http_reload import PostReloader
from day23.infrastructure.probes import HttpProbe, MongodbProbe, TcpProbe, probe_for

COMPLETION = b'{"choices": [{"message": {"role": "assistant", "content": "1"}}]}'
SERVERS: dict[str, HTTPServer] = {}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200 if self.path == "/ready" else 503, b"")

    def do_POST(self) -> None:
        if self.path == "/v1/chat/completions":
            self.answer(*self.server.chat)  # type: ignore[attr-defined]
            return
        refused = self.path != "/-/reload"
        self.answer(500 if refused else 200, b"rules.yml:3: bad rule" if refused else b"")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=lambda: http.serve_forever(poll_interval=0.01))
        thread.start()
        http.chat = (200, COMPLETION)  # type: ignore[attr-defined]
        SERVERS[f"127.0.0.1:{http.server_port}"] = http
        yield f"127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.fixture
def closed() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def test_http_is_ready_at_status_200_only(server: str, closed: str) -> None:
    assert HttpProbe(server, "/ready").complaint() is None
    assert HttpProbe(server, "/other").complaint() == "/other answers 503"
    assert HttpProbe(closed, "/ready").complaint() == f"http://{closed}/ready: Connection refused"


def test_tcp_is_ready_when_the_port_accepts(server: str, closed: str) -> None:
    assert TcpProbe(server).complaint() is None
    assert TcpProbe(closed).complaint() == f"{closed}: Connection refused"


@pytest.mark.parametrize(
    ("path", "answer", "complaint"),
    [
        ("/ready", (200, COMPLETION), None),
        ("/loading", (200, COMPLETION), "/loading answers 503"),
        ("/ready", (503, b'{"error": {"message": "Loading model"}}'), "the model qwen answers 503"),
        ("/ready", (200, b'{"choices": []}'), "the model qwen answers 200"),
        ("/ready", (200, b"<html>"), "the model qwen answers 200"),
    ],
)
def test_a_model_is_ready_when_it_completes_a_chat(
    server: str, path: str, answer: tuple[int, bytes], complaint: str | None
) -> None:
    SERVERS[server].chat = answer  # type: ignore[attr-defined]

    assert probe_for(Ready(http=path, chat="qwen"), {"http": server}).complaint() == complaint


def test_something_else_on_the_port_is_no_mongodb(
    server: str, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("day23.infrastructure.probes._ANSWER_SECONDS", 0.3)
    probe = MongodbProbe(server)

    assert (probe.complaint() or "").startswith(f"{server}: ")
    probe.close()
    assert MongodbProbe(closed).complaint() == f"{closed}: Connection refused"


def test_the_probe_follows_what_the_role_says(server: str) -> None:
    endpoints = {"http": server, "web": server, "db": "127.0.0.1:1"}

    assert probe_for(Ready(http="/ready", port="web"), endpoints).complaint() is None
    assert probe_for(Ready(tcp="web"), endpoints).complaint() is None
    assert isinstance(probe_for(Ready(mongodb="db"), endpoints), MongodbProbe)


def test_a_reload_is_accepted_or_refused_in_the_words_of_the_service(server: str) -> None:
    PostReloader().reload(f"http://{server}/-/reload", within=1)

    with pytest.raises(ToolkitError, match=r"the reload was refused: rules\.yml:3: bad rule"):
        PostReloader().reload(f"http://{server}/bad", within=1)


def test_a_reload_waits_for_the_service_for_a_bounded_time(closed: str) -> None:
    with pytest.raises(ToolkitError, match="the reload was not answered"):
        PostReloader().reload(f"http://{closed}/-/reload", within=0.2)
