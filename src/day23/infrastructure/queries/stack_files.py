"""What the stack's own files say has been written, to compare with what the services know."""

from pathlib import Path


def textfile_times(folder: Path) -> dict[str, float]:
    """Return the modification time of every metrics file, as Unix seconds by file name."""
    return {path.name: path.stat().st_mtime for path in folder.glob("*.prom")}


def written_lines(folder: Path, trace_id: str) -> int:
    """Return how many lines of the programs' log files carry the trace id."""
    needle = f'"trace_id":"{trace_id}"'.encode()
    return sum(path.read_bytes().count(needle) for path in folder.glob("*.app.jsonl*"))
