"""What is sent is in the ledger first, and is sent until somebody confirms it."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from day23.infrastructure.restart.ledger_file import LedgerContent, LedgerFile, entries
from day23.infrastructure.restart.stream import Stream

RATE = 200.0


def run(path: Path, deliver: Callable[[range], bool], seconds: float, first: int = 0) -> LedgerContent:
    with LedgerFile(path) as ledger:
        stream = Stream(ledger, RATE, deliver, time.monotonic, first)
        stream.start()
        time.sleep(seconds)
        stream.finish(within=2)
    return LedgerContent(path)


def test_an_outage_delays_items_and_loses_none(tmp_path: Path) -> None:
    delivered: list[int] = []
    outage_ends = time.monotonic() + 0.4

    def deliver(numbers: range) -> bool:
        if time.monotonic() < outage_ends:
            return False
        delivered.extend(numbers)
        return True

    ledger = run(tmp_path / "ledger", deliver, 0.8)

    assert ledger.sent == ledger.acknowledged == delivered
    assert len(delivered) >= RATE * 0.4


def test_items_are_in_the_ledger_before_they_are_sent(tmp_path: Path) -> None:
    path, early = tmp_path / "ledger", []

    def deliver(numbers: range) -> bool:
        known = set(LedgerContent(path).sent)
        early.extend(number for number in numbers if number not in known)
        return True

    run(path, deliver, 0.3)

    assert early == []


def test_what_never_arrived_is_not_acknowledged(tmp_path: Path) -> None:
    refused = threading.Event()

    def deliver(numbers: range) -> bool:
        refused.set()
        return False

    ledger = run(tmp_path / "ledger", deliver, 0.2)

    assert refused.is_set()
    assert ledger.sent
    assert ledger.acknowledged == []


def test_numbers_go_on_after_a_boot(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    first = run(path, lambda _: True, 0.15)

    second = run(path, lambda _: True, 0.15, first=len(first.sent))

    assert second.sent == list(range(len(second.sent)))


def test_a_line_that_a_crash_cut_short_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_text(json.dumps({"state": "sent", "first": 0, "end": 2, "moment": 1.0}) + '\n{"state": "se')

    assert len(list(entries(path))) == 1
    assert LedgerContent(path).sent == [0, 1]
