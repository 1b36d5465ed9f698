"""Builds run side by side only as far as slots and memory allow."""

import threading
from collections.abc import Callable

import pytest

from day23.infrastructure.artifacts.build_slots import BuildSlots


class GaveUpError(Exception):
    pass


def give_up() -> None:
    raise GaveUpError


def admitted(slots: BuildSlots, memory_gb: float, check: Callable[[], None] = give_up) -> bool:
    try:
        with slots.reserve(memory_gb, check):
            return True
    except GaveUpError:
        return False


@pytest.mark.parametrize(
    ("slots", "memory_gb", "expected"),
    [(2, 4.0, True), (1, 4.0, False), (2, 3.5, False)],
)
def test_a_second_build_needs_a_slot_and_memory(slots: int, memory_gb: float, expected: bool) -> None:
    budget = BuildSlots(slots, memory_gb)
    with budget.reserve(3.0, give_up):
        assert admitted(budget, 1.0) is expected


def test_a_lone_build_is_admitted_even_where_memory_is_short() -> None:
    assert admitted(BuildSlots(0, 0.1), 3.0)


def test_a_finished_build_makes_room() -> None:
    budget = BuildSlots(1, 4.0)
    started, release = threading.Event(), threading.Event()

    def first() -> None:
        with budget.reserve(3.0, give_up):
            started.set()
            release.wait(5)

    thread = threading.Thread(target=first)
    thread.start()
    started.wait(5)
    assert admitted(budget, 3.0, release.set)
    thread.join()
