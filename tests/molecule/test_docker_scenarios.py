"""Molecule scenarios of the container engine, on a daemon of the test run's own."""

import pytest
from scenarios import run, scenarios


@pytest.mark.parametrize("scenario", scenarios("docker_"))
@pytest.mark.usefixtures("docker_daemon")
def test_scenario(scenario: str) -> None:
    run(scenario)
