"""What all suites share."""

from pathlib import Path

import pytest
from hypothesis import settings

INTEGRATION = Path(__file__).parent / "integration"

# A busy machine is no reason to fail a property.
settings.register_profile("day23", deadline=None)
settings.load_profile("day23")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each module of integration tests on one worker, so that its servers start once."""
    for item in items:
        if item.path.is_relative_to(INTEGRATION) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
