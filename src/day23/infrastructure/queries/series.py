"""Which series a Prometheus has."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from day23.domain.errors import ToolkitError
from day23.infrastructure.http_get import get

_ANSWER_SECONDS = 30.0


class PrometheusSeries:
    """Implements `SeriesServer`.

    Args:
        address: Returns its base URL; raises ToolkitError when it is not known.
    """

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    def metric_names(self) -> frozenset[str]:
        """Return every metric name that has been seen while the newest block was filled."""
        return frozenset(self._ask("label/__name__/values", {}))

    def series(self, names: Sequence[str]) -> tuple[Mapping[str, str], ...]:
        """Return the labels of every series that these names have now."""
        query = " or ".join(f'{{__name__="{name}"}}' for name in names)
        return tuple(row["metric"] for row in self._ask("query", {"query": query})["result"])

    def series_total(self) -> int:
        """Return how many series the server holds in memory."""
        return int(self._ask("status/tsdb", {})["headStats"]["numSeries"])

    def _ask(self, path: str, arguments: Mapping[str, str]) -> Any:
        url = f"{self._address()}/api/v1/{path}?{urlencode(arguments)}"
        try:
            return orjson.loads(get(url, _ANSWER_SECONDS))["data"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise ToolkitError("Prometheus answers no JSON that it should", where=path) from None
