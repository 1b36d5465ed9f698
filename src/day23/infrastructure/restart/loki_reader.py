"""What Loki stores: content of a window, canary lines, notifications."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from day23.domain.restart.snapshot import Content
from day23.domain.restart.watch_plan import CANARY, FILE, PUSH
from day23.infrastructure.restart.answers import Answers

_PAGE = 5000
_SECOND = 1_000_000_000
_INDEXED = ("service", "level", "stream")
_STREAMS = {FILE: "app", PUSH: "push"}


class Line(NamedTuple):
    """One stored line: nanoseconds, index labels, text."""

    moment: int
    labels: str
    text: str


class LokiReader:
    """Asks one Loki.

    Args:
        base: Its base URL.
    """

    def __init__(self, base: str, answers: Answers) -> None:
        self._base = base
        self._answers = answers

    def window(self, until: float, span: float) -> tuple[Content, tuple[str, ...]]:
        """Return content and labels of every stream in the `span` seconds before `until`."""
        lines = sorted(self._lines("loki_window", '{service=~".+"}', until - span, until))
        digest = hashlib.sha256("\n".join(map(repr, lines)).encode()).hexdigest()
        return Content(items=len(lines), digest=digest), tuple(sorted({line.labels for line in lines}))

    def canaries(self, path: str, run_id: str, since: float, until: float) -> list[int]:
        """Return the sequence numbers of one path's canary lines, as often as each is stored."""
        query = f'{{service="{CANARY}", stream="{_STREAMS[path]}"}} |= "{run_id}"'
        return [
            int(json.loads(line.text)["sequence"])
            for line in self._lines(f"loki_canary_{path}", query, since, until)
        ]

    def notifications(self, run_id: str, since: float, until: float) -> list[dict[str, Any]]:
        """Return the audit lines about alerts of this run, each once."""
        query = f'{{stream="audit"}} |= "{run_id}"'
        found = set(self._lines("loki_notifications", query, since, until))
        return [json.loads(line.text) for line in sorted(found)]

    def log_times(self, since: float, until: float) -> dict[str, list[float]]:
        """Return when each service wrote its lines inside the window, in the order of time."""
        found: dict[str, list[float]] = {}
        for line in self._lines("loki_log_times", f'{{service=~".+", service!="{CANARY}"}}', since, until):
            found.setdefault(line.labels.split("/")[0], []).append(line.moment / _SECOND)
        return found

    def _lines(self, name: str, logql: str, since: float, until: float) -> Iterator[Line]:
        """Yield every stored line in the order of time: pages overlap by the last nanosecond."""
        start, end, page = int(since * _SECOND), int(until * _SECOND), 0
        seen_at_start: dict[Line, int] = {}
        while start < end:
            lines = self._page(f"{name}_{page}", logql, start, end)
            again = dict(seen_at_start)
            for line in lines:
                if again.get(line, 0) > 0:
                    again[line] -= 1
                    continue
                yield line
            if len(lines) < _PAGE:
                return
            last = lines[-1].moment
            seen_at_start = {}
            for line in lines:
                if line.moment == last:
                    seen_at_start[line] = seen_at_start.get(line, 0) + 1
            start, page = max(last, start + 1), page + 1

    def _page(self, name: str, logql: str, start: int, end: int) -> list[Line]:
        found = self._answers.get(
            name,
            self._base,
            "/loki/api/v1/query_range",
            query=logql,
            start=str(start),
            end=str(end),
            limit=str(_PAGE),
            direction="forward",
        )
        lines = [
            Line(int(moment), "/".join(stream["stream"].get(label, "") for label in _INDEXED), text)
            for stream in found["data"]["result"]
            for moment, text in stream["values"]
        ]
        return sorted(lines)
