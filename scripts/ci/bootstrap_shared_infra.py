from day23.presentation.cli.bootstrap_command import bootstrap_shared_infra
from day23.presentation.cli.command import run_command

run_command(bootstrap_shared_infra)
