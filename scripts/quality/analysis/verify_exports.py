from day23.presentation.cli.command import run_command
from day23.presentation.cli.verify_exports import verify_exports

run_command(verify_exports)
