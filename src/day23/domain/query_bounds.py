"""How far a query that somebody else wrote may reach."""

import re
from datetime import timedelta
from typing import Final

from day23.domain.errors import ToolkitError

LONGEST_QUERY: Final = 2000
"""Characters."""

LONGEST_RANGE: Final = timedelta(days=7)
"""Of a range selector, a subquery or an offset."""

_SECONDS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdwy])")
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`[^`]*`')
_BARE_NUMBER = re.compile(r"(?:\[|\boffset\s+-?)\s*(\d+(?:\.\d+)?)\s*[\]:]")


def check_query(query: str) -> None:
    """Refuse a PromQL or LogQL query that is empty, too long, or reaches further than a week.

    Raises:
        ToolkitError: Names what is too much.

    Example:
        >>> check_query('rate(http_requests_total{job="mcp"}[5m])')
    """
    if not query.strip() or len(query) > LONGEST_QUERY:
        raise ToolkitError(f"a query has 1 to {LONGEST_QUERY} characters, this one {len(query)}")
    plain = _TEXT.sub('""', query)
    lengths = [_seconds(found) for found in re.findall(r"(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+", plain)]
    lengths += [float(number) for number in _BARE_NUMBER.findall(plain)]
    if max(lengths, default=0.0) > LONGEST_RANGE.total_seconds():
        raise ToolkitError(
            "the query reaches further back than 7 days", next_step="use a range of at most [7d]"
        )


def _seconds(duration: str) -> float:
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration))
