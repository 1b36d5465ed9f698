"""Command line of the Butler sidecar."""

import asyncio
from pathlib import Path

import click

from day23.presentation.butler_sidecar.server import serve
from day23.settings import Settings
from day23.wiring.runtime_database import dataset_observer, runtime_client
from day23.wiring.runtime_telemetry import runtime_telemetry


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=9091, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@click.option("--mongodb", default="127.0.0.1:27017", show_default=True, help="host:port of MongoDB.")
@click.option("--secret", type=click.Path(path_type=Path), required=True, help="File with the password.")
@click.option(
    "--every", default=15.0, show_default=True, type=click.FloatRange(0.1), help="Seconds between looks."
)
def butler_sidecar(host: str, port: int, mongodb: str, secret: Path, every: float) -> None:
    """Show what MongoDB stores as metrics, and record Alertmanager's notifications, until SIGTERM."""
    settings = Settings()
    telemetry = runtime_telemetry("butler")
    with runtime_client(settings, mongodb, "butler", secret) as client:
        observer = dataset_observer(settings, client, telemetry)
        asyncio.run(serve(host, port, telemetry, observer.look, every))
