"""Instant queries to Prometheus."""

import math
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson

from day23.domain.errors import ToolkitError
from day23.domain.live_values import Series
from day23.infrastructure.http_get import get

_ANSWER_SECONDS = 10.0


class PrometheusQueries:
    """Asks one Prometheus.

    Args:
        address: Returns its base URL; raises ToolkitError when it is not known.
    """

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    def instant(self, promql: str) -> tuple[Series, ...]:
        """Return the series of an instant query, in the server's order; NaN and infinite ones are left out.

        Raises:
            ToolkitError: Prometheus does not answer or refuses the query.
        """
        url = f"{self._address()}/api/v1/query?{urlencode({'query': promql})}"
        rows = _vector(get(url, _ANSWER_SECONDS), promql)
        found = [Series(labels=row["metric"], value=float(row["value"][1])) for row in rows]
        return tuple(series for series in found if math.isfinite(series.value))


def _vector(answer: bytes, promql: str) -> list[dict[str, Any]]:
    try:
        data = orjson.loads(answer)["data"]
        if data["resultType"] != "vector":
            raise ToolkitError("the query gives no vector", where=promql)
        return list(data["result"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise ToolkitError("Prometheus answers no JSON that it should", where=promql) from None
