"""Log lines older than the promised thirty days are really deleted; younger ones stay."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from throwaway_loki import ThrowawayLoki

pytestmark = pytest.mark.slow

OLD_LINES_TAKEN = ("-validation.reject-old-samples=false", "-querier.max-query-lookback=0")
_SWEEP_SECONDS = 150
"""Loki looks once a minute for chunks that nothing refers to any more."""

AT_ONCE = (
    "-ingester.flush-on-shutdown=true",
    "-compactor.compaction-interval=1s",
    "-compactor.apply-retention-interval=1s",
    "-compactor.retention-delete-delay=1s",
)


@pytest.fixture
def loki(tmp_path: Path) -> Iterator[ThrowawayLoki]:
    server = ThrowawayLoki(tmp_path, (*OLD_LINES_TAKEN, *AT_ONCE))
    server.start()
    yield server
    server.stop()


def test_lines_of_thirty_one_days_ago_go_and_those_of_twenty_nine_stay(loki: ThrowawayLoki) -> None:
    now = datetime.now(UTC)
    expired, young = now - timedelta(days=31), now - timedelta(days=29)
    for at in (expired, young, now):
        loki.push({"service": "retention", "day": f"{at:%Y-%m-%d}"}, at, f"written {at:%Y-%m-%d}")
    loki.flush()
    assert _found(loki, expired), "the line of 31 days ago has to be there first"

    loki.stop()
    loki.forget_memory()  # it is all in chunks now, as lines of a month ago are
    loki.start()

    ends = time.monotonic() + _SWEEP_SECONDS
    while len(loki.chunks()) == 3 and time.monotonic() < ends:
        time.sleep(0.2)
    assert len(loki.chunks()) == 2
    assert [_found(loki, at) for at in (expired, young, now)] == [
        [],
        [f"written {young:%Y-%m-%d}"],
        [f"written {now:%Y-%m-%d}"],
    ]


def _found(loki: ThrowawayLoki, at: datetime) -> list[str]:
    return loki.lines('{service="retention"}', at)
