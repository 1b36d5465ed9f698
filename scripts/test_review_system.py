from day23.presentation.cli.command import run_command
from day23.presentation.cli.smoke_command import smoke_check

run_command(smoke_check)
