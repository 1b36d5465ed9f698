"""Command lines; each is a click command and a three-line file below `scripts/`."""
