"""What all suites share."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

import docker_daemon as own_daemon

# A busy machine is no reason to fail a property.
settings.register_profile("day23", deadline=None)
settings.load_profile("day23")

# A shell that starts the tests in the background ignores SIGINT, and so would every program they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def docker_daemon() -> Iterator[str]:
    """Return the address of the test run's own Docker daemon, and make it this host's."""
    reason = own_daemon.why_not()
    if reason:
        pytest.skip(reason)
    try:
        address = own_daemon.address()
    except own_daemon.HostCannotError as error:
        pytest.skip(str(error))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOCKER_HOST", address)
        yield address


def pytest_unconfigure() -> None:
    own_daemon.end()
