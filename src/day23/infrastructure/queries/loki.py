"""Range queries to Loki."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from day23.domain.errors import ToolkitError
from day23.domain.live_values import LogLine
from day23.infrastructure.http_get import get

_ANSWER_SECONDS = 15.0
_MOST_LINES = 5000
_NANOSECONDS = 1_000_000_000


class LokiQueries:
    """Asks one Loki.

    Args:
        address: Returns its base URL; raises ToolkitError when it is not known.
    """

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    def lines(self, logql: str, start: datetime, end: datetime) -> tuple[LogLine, ...]:
        """Return the lines of a log query, oldest first, at most 5000.

        Raises:
            ToolkitError: Loki does not answer or refuses the query.
        """
        return self._range(logql, start, end, _MOST_LINES, "forward")

    def newest(self, logql: str, start: datetime, end: datetime, most: int) -> tuple[LogLine, ...]:
        """Return the newest lines of a log query, oldest first.

        Raises:
            ToolkitError: Loki does not answer or refuses the query.
        """
        return self._range(logql, start, end, most, "backward")

    def _range(
        self, logql: str, start: datetime, end: datetime, most: int, direction: str
    ) -> tuple[LogLine, ...]:
        arguments = {
            "query": logql,
            "start": str(int(start.timestamp() * _NANOSECONDS)),
            "end": str(int(end.timestamp() * _NANOSECONDS)),
            "limit": str(most),
            "direction": direction,
        }
        url = f"{self._address()}/loki/api/v1/query_range?{urlencode(arguments)}"
        answer = get(url, _ANSWER_SECONDS)
        try:
            lines = list(_lines(orjson.loads(answer)["data"]["result"]))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            raise ToolkitError("Loki answers no log lines", where=logql) from None
        return tuple(sorted(lines, key=lambda line: line.timestamp))


def _lines(streams: list[dict[str, Any]]) -> Iterator[LogLine]:
    for stream in streams:
        for nanoseconds, text in stream["values"]:
            yield LogLine(
                timestamp=datetime.fromtimestamp(int(nanoseconds) / _NANOSECONDS, UTC),
                labels=stream["stream"],
                text=text,
            )
