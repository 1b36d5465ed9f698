"""Results of benchmark runs as JSON files, one per run."""

from pathlib import Path

import orjson

from day23.domain.benchmark_result import BenchmarkResult
from day23.infrastructure.exports.latest_link import replace_link
from day23.infrastructure.files import write_atomically


class ResultFiles:
    """Keeps `<dataset_dir>/results/<scenario>/<run>.json` and the link `latest.json` beside them."""

    def __init__(self, dataset_dir: Path) -> None:
        self._folder = dataset_dir / "results"

    def save(self, result: BenchmarkResult, output: Path | None) -> Path:
        """Write the result; runs are named by start time and trace, so none replaces another."""
        metadata = result.metadata
        name = f"{metadata.started_at:%Y%m%dT%H%M%SZ}-{metadata.mode}-{metadata.trace_id[:8]}.json"
        path = self._folder / result.scenario_id / name
        content = to_json(result)
        write_atomically(path, content)
        replace_link(path.with_name("latest.json"), name)
        if output is not None:
            write_atomically(output, content)
        return path


def to_json(result: BenchmarkResult) -> bytes:
    """Return the result as indented JSON."""
    content = result.model_dump(mode="json", by_alias=True)
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
