"""`python -m day23.presentation.restart_watch`."""

from day23.presentation.cli.command import run_command
from day23.presentation.restart_watch.command import restart_watch

run_command(restart_watch, recorded=False)
