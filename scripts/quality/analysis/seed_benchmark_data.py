from day23.presentation.cli.command import run_command
from day23.presentation.cli.seed_benchmark_data import seed_benchmark_data

run_command(seed_benchmark_data)
