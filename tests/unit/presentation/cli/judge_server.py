"""A real HTTP server: the model under test to streamed requests, a scripted judge to plain ones."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from answering_server import Reply, answering
from day23.domain.scenario import QUALITY_METRICS

ANSWER = "- Рубль укрепился до 104 за доллар.\n- Открыли музей кино.\n- Завтра снег."
HANG = "HANG"

Material = dict[str, Any]
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

    def answer(_path: str, _headers: Message, body: bytes) -> Reply:
        if not body:
            return 404, "text/plain", ""
        request = json.loads(body)
        said = _streamed() if request.get("stream") else found.reply(request)
        if said[2] == HANG:
            time.sleep(2)
        return said

    with answering(answer) as found.url:
        yield found


def _streamed() -> Reply:
    event = {"model": "tested", "choices": [{"delta": {"content": ANSWER}}]}
    return 200, "text/event-stream", f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n"
