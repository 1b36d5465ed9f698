"""The command line of the LLM API."""

import click
import uvloop

from day23.domain.extractive_model import MODEL_NAME
from day23.presentation.llm_api.options import LlmApiOptions
from day23.presentation.llm_api.server import serve


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free.")
@click.option("--model", default=MODEL_NAME, show_default=True, help="Name the model answers under.")
@click.option("--alias", "aliases", multiple=True, help="Further name for the model; may be repeated.")
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Threads that summarise."
)
@click.option("--max-pending", default=256, show_default=True, type=click.IntRange(1), help="More get a 503.")
@click.option(
    "--max-body-mb", default=8, show_default=True, type=click.IntRange(1, 256), help="Largest request."
)
@click.option(
    "--request-timeout",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1),
    help="Seconds per request.",
)
@click.option(
    "--stop-within",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Seconds to finish on SIGTERM.",
)
def llm_api(
    host: str,
    port: int,
    model: str,
    aliases: tuple[str, ...],
    workers: int,
    max_pending: int,
    max_body_mb: int,
    request_timeout: float,
    stop_within: float,
) -> None:
    """Serve Russian extractive summaries as OpenAI chat completions until SIGTERM."""
    options = LlmApiOptions(
        host=host,
        port=port,
        model=model,
        aliases=aliases or ("qwen",),
        workers=workers,
        max_pending=max_pending,
        max_body_bytes=max_body_mb * 1024 * 1024,
        request_timeout_seconds=request_timeout,
        stop_within_seconds=stop_within,
    )
    uvloop.run(serve(options))
