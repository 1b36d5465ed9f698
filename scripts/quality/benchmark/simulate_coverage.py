from day23.presentation.cli.command import run_command
from day23.presentation.cli.simulate_coverage import simulate_coverage

run_command(simulate_coverage)
