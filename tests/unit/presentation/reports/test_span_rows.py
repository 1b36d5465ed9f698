"""Spans become rows in calling order, whatever is missing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from day23.domain.live_values import Span
from day23.presentation.reports.span_rows import MOST_SIBLINGS, waterfall

START = datetime(2025, 11, 20, tzinfo=UTC)


def span(
    identity: str, parent: str | None = None, after: float = 0, took: float = 1, name: str = "seed"
) -> Span:
    return Span(
        span_id=identity,
        trace_id="a" * 32,
        parent_id=parent,
        name=name,
        service="seed",
        start_time=START + timedelta(seconds=after),
        duration_ms=took * 1000,
        status="ok",
    )


def test_children_follow_their_caller_in_order_of_time() -> None:
    rows = waterfall(
        [
            span("b", after=10, took=10, name="export"),
            span("a2", "a", after=5, took=5, name="seed.two"),
            span("a", took=10),
            span("a1", "a", after=1, took=2, name="seed.one"),
        ]
    )
    assert [(row.name, row.depth) for row in rows] == [
        ("seed", 0),
        ("seed.one", 1),
        ("seed.two", 1),
        ("export", 0),
    ]
    assert [(row.left, row.width) for row in rows] == [(0, 50), (5, 10), (25, 25), (50, 50)]


def test_a_span_whose_caller_is_not_stored_is_shown_as_a_root() -> None:
    assert [row.depth for row in waterfall([span("a", "lost")])] == [0]


def test_many_equal_siblings_are_summed_up() -> None:
    rows = waterfall([span(str(number), after=number) for number in range(MOST_SIBLINGS + 5)])
    assert len(rows) == MOST_SIBLINGS + 1
    assert rows[-1].folded == 5
    assert rows[-1].detail == "5 more"
    assert rows[-1].milliseconds == 5000


def test_no_spans_give_no_rows() -> None:
    assert waterfall([]) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 100), st.floats(0, 100)), max_size=60))
def test_no_span_is_shown_twice_and_every_row_stays_inside_the_column(
    shape: list[tuple[int, float, float]],
) -> None:
    spans = [
        span(str(number), str(parent) if parent < number else None, after, took, name=f"seed.x{number % 3}")
        for number, (parent, after, took) in enumerate(shape)
    ]
    rows = waterfall(spans)
    assert sum(row.folded for row in rows) <= len(spans)
    assert all(-0.01 <= row.left <= 100.01 and row.left + row.width <= 100.01 for row in rows)
