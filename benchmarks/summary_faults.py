"""Measure how many spoiled summaries are caught, and how many sound ones pass."""

from day23.presentation.cli.command import run_command
from day23.presentation.cli.summary_faults import summary_faults

run_command(summary_faults)
