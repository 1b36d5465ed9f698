"""The order and the promises of preparing a stack root."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from day23.application.prepare_stack import Preparation, PrepareStack
from day23.domain.errors import LockedError, ToolkitError


@dataclass
class Journal:
    entries: list[str] = field(default_factory=list)


@dataclass
class Step:
    journal: Journal
    name: str
    done: bool = False
    refusal: ToolkitError | None = None

    def pending(self) -> Sequence[str]:
        if self.refusal:
            raise self.refusal
        return [] if self.done else [self.name]

    def apply(self) -> Sequence[str]:
        changes = self.pending()
        self.journal.entries.append(f"apply {self.name}")
        self.done = True
        return changes


@dataclass
class Lock:
    journal: Journal
    holder: str = ""

    def look(self, purpose: str) -> None:
        self._refuse(f"look {purpose}")

    def hold(self, purpose: str) -> None:
        self._refuse(f"hold {purpose}")

    def _refuse(self, entry: str) -> None:
        if self.holder:
            raise LockedError(self.holder)
        self.journal.entries.append(entry)


@dataclass
class Stack:
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        self.folders = Step(self.journal, "folders")
        self.secrets = Step(self.journal, "secrets")
        self.lock = Lock(self.journal)
        self.prepare = PrepareStack(
            self.folders, self.lock, [self.secrets], lambda: self.journal.entries.append("empty events")
        )


@pytest.fixture
def stack() -> Stack:
    return Stack()


def test_the_lock_is_held_before_anything_but_folders_is_touched(stack: Stack) -> None:
    prepared = stack.prepare.run(Preparation(lock_purpose="up"))
    assert stack.journal.entries == ["apply folders", "hold up", "apply secrets", "look up", "empty events"]
    assert prepared.changes == ("folders", "secrets")
    assert stack.prepare.run(Preparation(lock_purpose="up")).changes == ()


def test_prediction_equals_what_happens_and_only_looks(stack: Stack) -> None:
    predicted = stack.prepare.predict(Preparation(lock_purpose="up"))
    assert stack.journal.entries == ["look up"]
    assert predicted.changes == stack.prepare.run(Preparation()).changes


def test_without_a_purpose_no_lock_is_taken(stack: Stack) -> None:
    stack.prepare.run(Preparation())
    assert "hold" not in " ".join(stack.journal.entries)


def test_a_refusal_of_any_step_comes_before_the_first_change(stack: Stack) -> None:
    stack.secrets.refusal = ToolkitError("no")
    with pytest.raises(ToolkitError, match="no"):
        stack.prepare.run(Preparation(lock_purpose="up"))
    assert stack.journal.entries == []


def test_a_loser_of_the_lock_changes_no_secret_and_keeps_the_winner_s_events(stack: Stack) -> None:
    stack.lock.holder = "another up"
    with pytest.raises(LockedError, match="another up"):
        stack.prepare.run(Preparation(lock_purpose="up"))
    assert stack.journal.entries == ["apply folders"]


def test_a_run_that_goes_on_keeps_its_events(stack: Stack) -> None:
    stack.prepare.run(Preparation(run_id="begun earlier"))
    assert "empty events" not in stack.journal.entries


def test_the_events_of_a_playbook_at_work_are_kept(stack: Stack) -> None:
    stack.lock.holder = "another up"
    assert stack.prepare.run(Preparation()).changes == ("folders", "secrets")
    assert "empty events" not in stack.journal.entries


def test_the_run_s_names_are_kept_or_made(stack: Stack) -> None:
    given = stack.prepare.run(Preparation(trace_id="a" * 32, run_id="mine"))
    assert (given.trace_id, given.run_id) == ("a" * 32, "mine")
    first, second = stack.prepare.run(Preparation()), stack.prepare.run(Preparation())
    assert re.fullmatch(r"[0-9a-f]{32}", first.trace_id)
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{6}", first.run_id)
    assert first.trace_id != second.trace_id
    assert first.run_id != second.run_id
