from day23.presentation.cli.command import run_command
from day23.presentation.cli.verify_benchmark_counts import verify_benchmark_counts

run_command(verify_benchmark_counts)
