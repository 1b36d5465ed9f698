from day23.presentation.cli.command import run_command
from day23.presentation.cli.write_schemas import write_schemas

run_command(write_schemas)
