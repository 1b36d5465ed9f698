from day23.presentation.cli.bootstrap_command import cleanup_shared_infra
from day23.presentation.cli.command import run_command

run_command(cleanup_shared_infra)
