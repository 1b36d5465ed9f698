"""One archive with everything that the stack needs on a host without a network."""
