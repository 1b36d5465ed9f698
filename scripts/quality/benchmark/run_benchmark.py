from day23.presentation.cli.command import run_command
from day23.presentation.cli.run_benchmark import run_benchmark

run_command(run_benchmark)
