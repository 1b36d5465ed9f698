"""What all suites share."""

import signal

from hypothesis import settings

# A busy machine is no reason to fail a property.
settings.register_profile("day23", deadline=None)
settings.load_profile("day23")

# A shell that starts the tests in the background ignores SIGINT, and so would every program they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
