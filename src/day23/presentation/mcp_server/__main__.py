"""`python -m day23.presentation.mcp_server`."""

from day23.presentation.cli.command import run_command
from day23.presentation.mcp_server.command import mcp_server

if __name__ == "__main__":
    run_command(mcp_server, recorded=False)
