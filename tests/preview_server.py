"""A local server of channel preview pages, in the shape of the public ones."""

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 20
START = datetime(2024, 11, 1, tzinfo=UTC)


@dataclass
class PreviewServer:
    """What is served: `messages` posts, one every two hours from `START` on; every seventh number is missing.

    Attributes:
        failures: Status codes to answer with before pages are served again.
        requests: Paths asked for, failures included.
    """

    messages: int = 300
    title: str = "Новости & люди"
    failures: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def numbers(self) -> list[int]:
        return [number for number in range(1, self.messages + 1) if number % 7]

    def page(self, path: str) -> str:
        parts = urlsplit(path)
        before = int(parse_qs(parts.query).get("before", [10**9])[0])
        channel = parts.path.rsplit("/", 1)[-1]
        if channel == "hidden_channel":
            return '<html><head><meta property="og:title" content="Telegram: Contact"></head></html>'
        shown = [number for number in self.numbers() if number < before][-PAGE_SIZE:]
        older = shown and shown[0] > self.numbers()[0]
        more = f'<a class="tme_messages_more js-messages_more" data-before="{shown[0]}"></a>' if older else ""
        body = more + "".join(message(channel, number) for number in shown)
        title = html.escape(self.title)
        return f'<html><head><meta property="og:title" content="{title}"></head><body>{body}</body></html>'


def posted_at(number: int) -> datetime:
    return START + timedelta(hours=2 * number)


def message(channel: str, number: int, text: str | None = None, extra: str = "", kind: str = "") -> str:
    shown = text if text is not None else f"Новость <b>{number}</b>.<br/>Курс &lt; 100 &amp; растёт."
    moment = posted_at(number).isoformat()
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message js-widget_message {kind}" data-post="{channel}/{number}">'
        f'{extra}<div class="tgme_widget_message_text js-message_text" dir="auto">{shown}</div>'
        '<span class="tgme_widget_message_meta">edited <a class="tgme_widget_message_date">'
        f'<time datetime="{moment}" class="time">12:00</time></a></span></div></div>'
    )


@contextmanager
def served(server: PreviewServer) -> Iterator[PreviewServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append(self.path)
            status = server.failures.pop(0) if server.failures else 200
            body = server.page(self.path).encode() if status == 200 else b""
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "7")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}"
    Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
