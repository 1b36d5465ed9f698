"""A container that dies at the moment it is stopped is stopped all the same."""

import pytest
from docker.errors import APIError

from day23.infrastructure.engines.docker import engine

DYING = "Cannot update container a81: runc did not terminate successfully: container not running"


class Daemon:
    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.policies: list[dict[str, str]] = []

    def update_container(self, _container: str, restart_policy: dict[str, str]) -> None:
        if self.answers:
            raise APIError("500 Server Error", explanation=self.answers.pop(0))
        self.policies.append(restart_policy)


@pytest.fixture(autouse=True)
def _without_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_UPDATE_PAUSE_SECONDS", 0.0)


def test_a_dying_container_is_asked_again() -> None:
    daemon = Daemon(DYING, DYING)

    engine.keep_down(daemon, "a81")

    assert daemon.policies == [{"Name": "no"}]


@pytest.mark.parametrize("answers", [["no such container"], [DYING] * 9])
def test_other_refusals_and_endless_ones_are_told(answers: list[str]) -> None:
    with pytest.raises(APIError):
        engine.keep_down(Daemon(*answers), "a81")
