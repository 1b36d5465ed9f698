from dataclasses import dataclass, field

import pytest

from day23.application.settle_grafana import SettleGrafana
from day23.domain.errors import ToolkitError


@dataclass
class FakeGrafana:
    """An account that takes one password, and the stack's memory of it."""

    password: str
    secret: str
    remembered: str | None
    listens: bool = True
    changes: list[tuple[str, str]] = field(default_factory=list)

    def is_listening(self) -> bool:
        return self.listens

    def wait_until_listening(self, within: float) -> None:
        if not self.listens:
            raise ToolkitError(f"Grafana does not answer after {within:g} s")

    def accepts(self, password: str) -> bool:
        return password == self.password

    def change(self, old: str, new: str) -> None:
        assert old == self.password
        self.changes.append((old, new))
        self.password = new

    def wanted(self) -> str:
        return self.secret

    def taken(self) -> str | None:
        return self.remembered

    def remember(self, password: str) -> None:
        self.remembered = password


def settle(grafana: FakeGrafana) -> SettleGrafana:
    return SettleGrafana(grafana, grafana, "data/grafana/grafana.db")


def test_the_first_password_is_remembered() -> None:
    grafana = FakeGrafana("first", "first", None)

    assert settle(grafana).run(1) is False
    assert grafana.remembered == "first"


def test_a_new_secret_replaces_the_former_password() -> None:
    grafana = FakeGrafana("first", "second", "first")

    assert settle(grafana).predict() is True
    assert settle(grafana).run(1) is True
    assert (grafana.password, grafana.remembered) == ("second", "second")
    assert settle(grafana).run(1) is False


def test_a_run_killed_after_the_change_is_finished_by_the_next_one() -> None:
    grafana = FakeGrafana("second", "second", "first")

    assert settle(grafana).run(1) is False
    assert (grafana.changes, grafana.remembered) == ([], "second")


@pytest.mark.parametrize("remembered", [None, "first"])
def test_a_password_that_nobody_knows_is_told_with_what_to_delete(remembered: str | None) -> None:
    grafana = FakeGrafana("changed by hand", "second", remembered)

    with pytest.raises(ToolkitError) as refusal:
        settle(grafana).run(1)

    assert refusal.value.where == "data/grafana/grafana.db"
    assert "delete that file" in refusal.value.next_step
    assert grafana.remembered == remembered


def test_a_grafana_that_does_not_run_yet_is_no_change() -> None:
    assert settle(FakeGrafana("", "second", None, listens=False)).predict() is False
