"""Ask the tool whether a server is slower than the one beside it, both asked in turns in one run.

Three proxies, each a process, stand before the LLM API of a running stack: two hand on, the third makes every
answer a fifth slower. First equal ones are compared; the tool recommends a number of samples; then the
slower one is compared. Nothing else should have to do on the machine, but it need not be an even one: what
slows one server for a while slows the other.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
from figures_page import host, write_part
from slowdown import A_FIFTH, FEWER, TRIALS

from day23.application.run_benchmark import BenchmarkRequest
from day23.domain.load_schedule import Load
from day23.domain.scenario import LATENCY
from day23.domain.side_by_side import CONFIDENCE
from day23.domain.statistics.comparison import Change, Comparison
from day23.presentation.progress_view import SilentView, TerminalProgress
from day23.settings import Settings
from day23.wiring import benchmark

RESULT = Path(__file__).parent / "results" / "servers_in_turns.json"


@click.command()
@click.option("--dataset-dir", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--llm-url", required=True, help="Of a running LLM API, such as http://127.0.0.1:8000.")
@click.option("--trials", type=click.IntRange(1), default=TRIALS, show_default=True)
@click.option("--max-concurrency", type=click.IntRange(1), default=1, show_default=True)
@click.option("--print-only", is_flag=True, help="Leave the committed result as it is.")
def main(dataset_dir: Path, llm_url: str, trials: int, max_concurrency: int, print_only: bool) -> None:
    """Measure with a verified export, and write the committed result."""
    before = os.getloadavg()
    with ExitStack() as resources:
        one, other, slower = (
            resources.enter_context(proxied(llm_url, share)) for share in (0.0, 0.0, A_FIFTH)
        )
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory()))
        compared = _Compared(dataset_dir, folder, other, max_concurrency, trials)
        equal = compared.ask(one, None)
        recommended = equal[-1].pairs_for_a_fifth
        found = {
            "equal, all samples": equal,
            f"a fifth slower, {recommended} samples as recommended": compared.ask(slower, recommended),
            "a fifth slower, all samples": compared.ask(slower, None),
            f"a fifth slower, {FEWER} samples": compared.ask(slower, FEWER),
        }
    result = {
        "host": host(),
        "load average before": ", ".join(f"{each:.2f}" for each in before),
        "max_concurrency": max_concurrency,
        "confidence": CONFIDENCE,
        "trials": {name: [_told(one) for one in comparisons] for name, comparisons in found.items()},
    }
    click.echo(page(result))
    if not print_only:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        write_part("servers-in-turns", page(result))


def page(result: dict[str, Any]) -> str:
    """Return the result as Markdown."""
    facts = result["host"] | {"load average before": result["load average before"]}
    told = "; ".join(f"{name} {value}" for name, value in facts.items())
    lines = [
        f"{result['max_concurrency']} in flight, intervals of {result['confidence']:.0%}; {told}.",
        "",
        "| servers | verdicts | measured change, median (range) | would show 20 %, pairs |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(name, trials) for name, trials in result["trials"].items())])


def _row(name: str, trials: list[dict[str, Any]]) -> str:
    verdicts = [trial["verdict"] for trial in trials]
    counts = ", ".join(f"{verdicts.count(one)} {one.value}" for one in Change if one in verdicts)
    changes = sorted(trial["change"] for trial in trials)
    middle = changes[(len(changes) - 1) // 2]
    pairs = sorted(trial["pairs_for_a_fifth"] for trial in trials if trial["pairs_for_a_fifth"])
    shown = f"{pairs[0]} .. {pairs[-1]}" if pairs else "too few samples to say"
    return f"| {name} | {counts} | {middle:+.1%} ({changes[0]:+.1%} .. {changes[-1]:+.1%}) | {shown} |"


def _told(found: Comparison) -> dict[str, object]:
    return {
        "verdict": found.verdict.value,
        "change": round(found.change, 4),
        "pairs_for_a_fifth": found.pairs_for_a_fifth,
    }


class _Compared:
    """Runs the scenario against one proxy, with another one beside."""

    def __init__(
        self, dataset_dir: Path, folder: Path, beside: str, max_concurrency: int, trials: int
    ) -> None:
        self._dataset = dataset_dir / "benchmark_digest_ru_v1" / "latest.jsonl"
        self._folder = folder
        self._beside = beside
        self._load = Load(max_concurrency=max_concurrency)
        self._trials = trials

    def ask(self, url: str, limit: int | None) -> list[Comparison]:
        return [self._run(url, limit) for _ in range(self._trials)]

    def _run(self, url: str, limit: int | None) -> Comparison:
        request = BenchmarkRequest(
            scenario=benchmark.scenario("channel_digest_ru"),
            mode="live",
            dataset_dir=self._folder,
            dataset=self._dataset,
            limit=limit,
            load=self._load,
            warm_up=3,
            beside=self._beside,
        )
        settings = Settings(stack_root=self._folder / "stack", llm_url=url, metrics_enabled=False)
        run = benchmark.run_benchmark(settings, request, TerminalProgress(SilentView(), "benchmark"))
        if run.result.beside is None or not run.result.beside.metrics:
            raise click.ClickException(f"nothing was compared: {run.result.metadata.void_reasons}")
        return run.result.beside.metrics[LATENCY]


@contextmanager
def proxied(target: str, share: float) -> Iterator[str]:
    """Run a proxy as a process; yields its URL."""
    program = Path(__file__).with_name("slow_proxy.py")
    command = [sys.executable, str(program), target, str(share)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
