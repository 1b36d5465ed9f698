"""What a benchmark run leaves for others: record, samples, page, pictures, and a manifest over all of it."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from day23.application.run_benchmark import BenchmarkRun
from day23.domain.benchmark_baseline import BaselineComparison
from day23.wiring.benchmark import save_bundle


def write_bundle(
    run: BenchmarkRun, comparison: BaselineComparison | None = None, folder: Path | None = None
) -> Path:
    """Write the bundle; return its folder.

    Args:
        comparison: With the baseline, when there is one.
        folder: Where; the default is a folder beside the stored result, named like it.
    """
    # Drawing is imported here because it takes a second that a refused run need not wait.
    from day23.presentation.reports.benchmark_page import benchmark_markdown, benchmark_page
    from day23.presentation.reports.benchmark_plots import plots

    pictures = plots(run.result, comparison)
    files = {
        "result.json": run.path.read_bytes(),
        "samples.jsonl": b"".join(_sample_lines(run)),
        "report.md": benchmark_markdown(run.result, comparison).encode(),
        "index.html": benchmark_page(run.result, comparison, pictures).encode(),
        **{f"{picture.name}.png": picture.png() for picture in pictures},
    }
    if run.beside:
        answers = (answer.model_dump(mode="json", exclude={"beside"}) for answer in run.beside.values())
        files["beside.jsonl"] = b"".join(
            orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in answers
        )
    if comparison:
        files["comparison.json"] = comparison.model_dump_json(indent=2).encode() + b"\n"
    return save_bundle(run, files, folder or run.path.with_suffix(""))


def _sample_lines(run: BenchmarkRun) -> Iterator[bytes]:
    for sample in run.result.samples:
        line = sample.model_dump(mode="json")
        if answer := run.answers.get(sample.sample_id):
            line |= {"answer": answer.text, "model": answer.model, "attempts": answer.attempts}
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
