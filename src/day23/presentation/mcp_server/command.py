"""Command line of the MCP server."""

from pathlib import Path

import click

from day23.domain.token_bucket import TokenBucket
from day23.presentation.mcp_server.server import serve
from day23.settings import Settings
from day23.wiring.mcp_server import USER, StackAccess
from day23.wiring.runtime_database import read_secret, runtime_client
from day23.wiring.runtime_telemetry import runtime_telemetry


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8004, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--mongodb", default="127.0.0.1:27017", show_default=True, help="host:port of MongoDB.")
@click.option("--secret", type=click.Path(path_type=Path), required=True, help="File with its password.")
@click.option("--token", type=click.Path(path_type=Path), required=True, help="File with the bearer token.")
@click.option("--evidence", type=click.Path(path_type=Path), default=Path("evidence"), help="Runs' evidence.")
@click.option("--rate", default=20.0, show_default=True, type=click.FloatRange(0.1), help="Requests/s.")
@click.option("--burst", default=60, show_default=True, type=click.IntRange(1), help="Requests at once.")
def mcp_server(
    host: str, port: int, mongodb: str, secret: Path, token: Path, evidence: Path, rate: float, burst: int
) -> None:
    """Answer MCP clients over streamable HTTP at /mcp until SIGTERM."""
    settings = Settings()
    bearer = read_secret(token)
    telemetry = runtime_telemetry("mcp", secret_values=[bearer])
    with runtime_client(settings, mongodb, USER, secret) as client:
        stack = StackAccess(settings, client, evidence)
        serve(host, port, stack, telemetry, bearer, TokenBucket(rate, burst))
