"""Measure the embedded digest beside plain LexRank and the first sentences."""

from day23.presentation.cli.command import run_command
from day23.presentation.cli.digest_quality import digest_quality

run_command(digest_quality)
