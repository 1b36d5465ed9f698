"""Molecule scenarios of the embedded engine, and the refusals."""

import pytest
from scenarios import run, scenarios


@pytest.mark.parametrize("scenario", [*scenarios("process_"), *scenarios("check_"), *scenarios("refuses_")])
def test_scenario(scenario: str) -> None:
    run(scenario)
