"""An LLM API that wants a key, and that sends the header it got back wherever a server may do so."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import psutil

from answering_server import Reply, answering
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

    def listing(self, path: str, header: str) -> Reply:
        """Return the answer to a question about the server."""
        if not self.listed and not self._is_known(header):
            return self._refusal(header)
        told = {"data": [{"id": "m", "owned_by": f"echo {header}"}]} if path == "/v1/models" else {}
        return 200, "application/json", json.dumps(told | {"version": header})

    def completion(self, request: dict[str, object], header: str) -> Reply:
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

    def _refusal(self, header: str) -> Reply:
        return 401, "application/json", json.dumps({"error": {"message": f"no such key: {header}"}})


@contextmanager
def keyed_server(
    *keys: str, fails_at: frozenset[int] = frozenset(), listed: bool = False, seconds: float = 0.0
) -> Iterator[KeyedServer]:
    """Serve on a free port."""
    found = KeyedServer(keys, fails_at, listed, seconds)

    def answer(path: str, headers: Message, body: bytes) -> Reply:
        header = headers.get("Authorization", "")
        return found.completion(json.loads(body), header) if body else found.listing(path, header)

    with answering(answer) as found.url:
        yield found


def files_with(folder: Path, text: str) -> list[Path]:
    """Return the files below a folder that hold a text; of what is not text, the bytes are searched."""
    wanted = text.encode()
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and wanted in path.read_bytes()]
