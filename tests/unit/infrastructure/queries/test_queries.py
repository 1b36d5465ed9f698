"""Questions to Prometheus and Loki: what they answer is taken as it is, what they refuse is told."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from day23.domain.errors import ToolkitError
from day23.infrastructure.bootstrap_probes import HttpProbe
from day23.infrastructure.http_get import get
from day23.infrastructure.queries.loki import LokiQueries
from day23.infrastructure.queries.prometheus import PrometheusQueries

START, END = datetime(2025, 11, 20, tzinfo=UTC), datetime(2025, 11, 21, tzinfo=UTC)


@dataclass
class Answers:
    """What to answer, and what was asked."""

    body: bytes = b"{}"
    status: int = 200
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def answers() -> Iterator[Answers]:
    told = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *arguments: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def vector(*rows: tuple[dict[str, str], str]) -> bytes:
    result = [{"metric": labels, "value": [1763600000.0, value]} for labels, value in rows]
    return orjson.dumps({"status": "success", "data": {"resultType": "vector", "result": result}})


def test_an_instant_query_returns_labels_and_values(answers: Answers) -> None:
    answers.body = vector(({"channel": "onaboka"}, "30"), ({"channel": "x"}, "NaN"), ({}, "+Inf"))
    series = PrometheusQueries(lambda: answers.address).instant('a{b="c&d"}')
    assert [(one.labels, one.value) for one in series] == [({"channel": "onaboka"}, 30.0)]
    assert parse_qs(urlsplit(answers.asked[0]).query) == {"query": ['a{b="c&d"}']}


def test_no_series_is_an_answer(answers: Answers) -> None:
    answers.body = vector()
    assert PrometheusQueries(lambda: answers.address).instant("nothing") == ()


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, b'{"status":"error","error":"parse error"}', "HTTP 400.*parse error"),
        (200, b'{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}', "no vector"),
        (200, b"<html>a proxy</html>", "no JSON"),
    ],
)
def test_what_is_no_vector_is_refused(answers: Answers, status: int, body: bytes, message: str) -> None:
    answers.status, answers.body = status, body
    with pytest.raises(ToolkitError, match=message):
        PrometheusQueries(lambda: answers.address).instant("x")


def test_log_lines_of_all_streams_come_in_order_of_time(answers: Answers) -> None:
    def stream(service: str, *seconds: int) -> dict[str, object]:
        values = [[str(second * 10**9), f"line {second}"] for second in seconds]
        return {"stream": {"service": service}, "values": values}

    result = [stream("seed", 1763600001, 1763600004), stream("export", 1763600002)]
    answers.body = orjson.dumps({"status": "success", "data": {"resultType": "streams", "result": result}})
    lines = LokiQueries(lambda: answers.address).lines('{service="seed"}', START, END)
    assert [(line.labels["service"], line.text[-1]) for line in lines] == [
        ("seed", "1"),
        ("export", "2"),
        ("seed", "4"),
    ]
    asked = parse_qs(urlsplit(answers.asked[0]).query)
    assert asked["query"] == ['{service="seed"}']
    assert asked["start"] == ["1763596800000000000"]
    assert asked["direction"] == ["forward"]


def test_an_answer_that_is_not_lokis_is_told(answers: Answers) -> None:
    answers.body = b'{"data": null}'
    with pytest.raises(ToolkitError, match="no log lines"):
        LokiQueries(lambda: answers.address).lines("{}", START, END)


def test_nobody_listening_is_told_in_a_few_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(ToolkitError, match="no answer: connection refused"):
            get(url, 1.0)


def test_a_server_that_never_answers_costs_no_more_than_its_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ToolkitError, match="no answer: timed out"):
            get(f"http://127.0.0.1:{silent.getsockname()[1]}/", 0.1)


def test_proxies_of_the_environment_are_not_asked(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    answers.body = b"ready"
    assert get(f"{answers.address}/ready", 1.0) == b"ready"


def test_a_probe_asks_for_the_page_of_a_ready_service(answers: Answers) -> None:
    probe = HttpProbe(lambda: answers.address, "/-/ready")
    assert probe.ask() == f"{answers.address}/-/ready"
    answers.status, answers.body = 503, b"WAL replay"
    with pytest.raises(ToolkitError, match="HTTP 503: WAL replay"):
        probe.ask()
