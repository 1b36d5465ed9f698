"""`python -m day23.presentation.butler_sidecar`."""

from day23.presentation.butler_sidecar.command import butler_sidecar
from day23.presentation.cli.command import run_command

if __name__ == "__main__":
    run_command(butler_sidecar, recorded=False)
