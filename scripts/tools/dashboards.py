from day23.presentation.cli.command import run_command
from day23.presentation.cli.dashboards import dashboards

run_command(dashboards)
