from day23.presentation.cli.command import run_command
from day23.presentation.cli.sample_ru_entries import sample_ru_entries

run_command(sample_ru_entries)
