"""Queries of others reach no further than a week."""

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.query_bounds import check_query
from day23.domain.token_bucket import TokenBucket


@pytest.mark.parametrize(
    "query", ["up", "rate(x_total[7d])", '{service="mongodb"} |= "30d"', "sum(x offset 1d12h)", "x[3600]"]
)
def test_a_modest_query_passes(query: str) -> None:
    check_query(query)


@pytest.mark.parametrize("query", ["", " ", "x" * 2001, "up[8d]", "up[1y]", "x offset 6d48h", "x[999999]"])
def test_a_query_that_reaches_too_far_is_refused(query: str) -> None:
    with pytest.raises(ToolkitError):
        check_query(query)


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    bucket = TokenBucket(per_second=2, burst=3)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.6)] == [True, False]
    assert sum(bucket.take(100.0) for _ in range(10)) == 3
