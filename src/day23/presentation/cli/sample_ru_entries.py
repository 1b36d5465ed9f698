"""`sample_ru_entries`: digests for the Russian spot check, readable, and the reviewers' sheet."""

from pathlib import Path

import click
import orjson

from day23.application.ports import Document
from day23.application.sample_spotcheck import DEFAULT_SEED, SpotcheckRequest, SpotcheckSummary
from day23.presentation.cli.dataset_options import (
    AS_JSON,
    DATASET_DIR,
    MONGODB_URL,
    STACK_ROOT,
    options,
    settings_with,
)
from day23.wiring.dataset import draw_spotcheck


@click.command()
@options(
    click.option("--channel", help="Only this channel, with or without @. Default: all recorded ones."),
    click.option("--count", type=click.IntRange(min=1), default=5, show_default=True),
    click.option("--seed", default=DEFAULT_SEED, help="Another seed draws other digests."),
    DATASET_DIR,
    MONGODB_URL,
    AS_JSON,
    STACK_ROOT,
)
def sample_ru_entries(
    channel: str | None,
    count: int,
    seed: str,
    dataset_dir: Path | None,
    mongodb_url: str | None,
    as_json: bool,
    stack_root: Path | None,
) -> None:
    """Print digests drawn for the Russian spot check and write ru_spotcheck.md and ru_spotcheck.html.

    Cells, notes and signatures that reviewers filled in are kept.
    """
    settings = settings_with(stack_root=stack_root, dataset_dir=dataset_dir, mongodb_url=mongodb_url)
    summary = draw_spotcheck(settings, SpotcheckRequest(channel, count, seed))
    if as_json:
        click.echo(orjson.dumps(_as_json(summary), option=orjson.OPT_INDENT_2).decode())
        return
    for sample in summary.samples:
        for digest in sample.digests:
            click.echo(_readable(digest))
    click.echo(f"Spot check sheet written to {summary.sheet}, side by side: {summary.page}")


def _as_json(summary: SpotcheckSummary) -> dict[str, object]:
    digests = [digest for sample in summary.samples for digest in sample.digests]
    return {"sheet": str(summary.sheet), "page": str(summary.page), "digests": digests}


def _readable(digest: Document) -> str:
    facts = f"{len(digest['posts'])} posts, {digest['provenance']}, {digest['latency_seconds']:.3f} s"
    return f"── {digest['digest_id']} ({facts})\n\n{digest['summary_markdown']}\n"
