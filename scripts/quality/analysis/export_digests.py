from day23.presentation.cli.command import run_command
from day23.presentation.cli.export_command import export_digests

run_command(export_digests)
