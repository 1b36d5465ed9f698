from day23.presentation.cli.command import run_command
from day23.presentation.cli.export_command import export_review_reports

run_command(export_review_reports)
