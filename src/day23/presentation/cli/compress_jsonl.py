"""`compress_jsonl`: JSONL files small enough for a repository, with the same bytes on every machine."""

from pathlib import Path

import click

from day23.wiring.compression import CompressedFile, compress_file


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--output-dir", type=click.Path(file_okay=False, path_type=Path), help="Default: beside the source."
)
@click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=500_000,
    show_default=True,
    help="Largest compressed file; more is split into name-00001.jsonl.gz and so on, between lines.",
)
def compress_jsonl(sources: tuple[Path, ...], output_dir: Path | None, max_bytes: int) -> None:
    """Compress JSONL files with gzip, reproducibly; lines are never torn."""
    for source in sources:
        for written in compress_file(source, output_dir or source.parent, max_bytes):
            click.echo(_told(written))


def _told(written: CompressedFile) -> str:
    return f"{written.path}: {written.lines} lines, {written.bytes} bytes, sha256 {written.sha256}"
