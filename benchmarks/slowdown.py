"""Ask the tool whether a server is slower: one left as it is, and one made a fifth slower by a proxy.

The server behind the proxy is the LLM API of a stack (`--llm-url`, on a machine with nothing else to do), or
a simulated one that answers each prompt after a time of its own (log-normal, median 0.1 s), a tenth more or
less every time. Five equal runs come first; the tool recommends a number of samples; then ten runs
of each.
"""

import asyncio
import hashlib
import json
import os
import random
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import uvloop
from aiohttp import web
from figures_page import write_part
from slow_proxy import SlowProxy

from day23.application.run_benchmark import BenchmarkRequest, BenchmarkRun
from day23.domain.benchmark_baseline import ADVISED_RUNS
from day23.domain.load_schedule import Load
from day23.domain.statistics.comparison import Comparison
from day23.presentation.progress_view import SilentView, TerminalProgress
from day23.settings import Settings
from day23.wiring import benchmark

RESULT = Path(__file__).parent / "results" / "slowdown.json"
LLM_RESULT = RESULT.with_name("slowdown_llm.json")
IN_FLIGHT, LLM_IN_FLIGHT = 16, 4
TRIALS = 10
FEWER = 6
A_FIFTH = 0.2


@click.command()
@click.option("--dataset-dir", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--trials", type=click.IntRange(1), default=TRIALS, show_default=True)
@click.option(
    "--llm-url", help="Of a running LLM API, such as http://127.0.0.1:8000. Default: a simulated one."
)
@click.option("--print-only", is_flag=True, help="Leave the committed result as it is.")
def main(dataset_dir: Path, trials: int, llm_url: str | None, print_only: bool) -> None:
    """Measure with a verified export, and write the committed result."""
    before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder, proxied(llm_url) as (url, proxy):
        trial = _Trial(dataset_dir, Path(folder), url, proxy, LLM_IN_FLIGHT if llm_url else IN_FLIGHT)
        every = trial.ask(None, 0.0, trials)
        found = {"equal, all samples": every}
        if needed := every[-1].pairs_for_a_fifth:
            found[f"a fifth slower, {needed} samples as recommended"] = trial.ask(needed, A_FIFTH, trials)
        found["a fifth slower, all samples"] = trial.ask(None, A_FIFTH, trials)
        found[f"a fifth slower, {FEWER} samples"] = trial.ask(FEWER, A_FIFTH, trials)
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": [f"{one:.2f}, {other:.2f}" for one, other in zip(before, os.getloadavg(), strict=True)],
        "equal_runs": ADVISED_RUNS,
        "trials": {name: _told(comparisons) for name, comparisons in found.items()},
    }
    click.echo(page(result))
    if not print_only:
        path, part = (LLM_RESULT, "slowdown-llm") if llm_url else (RESULT, "slowdown")
        path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        write_part(part, page(result))


def page(result: dict[str, Any]) -> str:
    """Return the result as Markdown."""
    loads = "; ".join(result["load"])
    lines = [
        f"{result['equal_runs']} equal runs each; load before, after: {loads}; {result['measured_at']}.",
        "",
        "| runs | verdicts | measured change, median (range) | noise floor |",
        "|---|---|---|---|",
    ]
    for name, found in result["trials"].items():
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found["verdicts"].items()))
        changes = sorted(found["changes"])
        middle = changes[(len(changes) - 1) // 2]
        lines.append(
            f"| {name} | {verdicts} | {middle:+.1%} ({changes[0]:+.1%} .. {changes[-1]:+.1%}) "
            f"| {found['noise_floor']:.1%} |"
        )
    return "\n".join(lines)


def _told(comparisons: list[Comparison]) -> dict[str, object]:
    return {
        "verdicts": dict(Counter(found.verdict.value for found in comparisons)),
        "changes": [round(found.change, 4) for found in comparisons],
        "noise_floor": comparisons[0].noise_floor,
    }


class _Trial:
    """Runs the scenario against the proxy and compares each run with the equal ones."""

    def __init__(
        self, dataset_dir: Path, folder: Path, url: str, proxy: SlowProxy, max_concurrency: int
    ) -> None:
        self._dataset = dataset_dir / "benchmark_digest_ru_v1" / "latest.jsonl"
        self._folder = folder
        self._settings = Settings(stack_root=folder / "stack", llm_url=url, metrics_enabled=False)
        self._proxy = proxy
        self._load = Load(max_concurrency=max_concurrency)

    def ask(self, limit: int | None, share: float, trials: int) -> list[Comparison]:
        request = BenchmarkRequest(
            scenario=benchmark.scenario("channel_digest_ru"),
            mode="live",
            dataset_dir=self._folder / f"{limit}-{share}",
            dataset=self._dataset,
            limit=limit,
            load=self._load,
            warm_up=3,
        )
        self._proxy.share = 0.0
        for _ in range(ADVISED_RUNS):
            equal = self._run(request)
        compare = benchmark.baseline(request, str(equal.path))
        self._proxy.share = share
        return [compare(self._run(request).result).metrics["latency_seconds"] for _ in range(trials)]

    def _run(self, request: BenchmarkRequest) -> BenchmarkRun:
        return benchmark.run_benchmark(self._settings, request, TerminalProgress(SilentView(), "benchmark"))


@contextmanager
def proxied(target: str | None) -> Iterator[tuple[str, SlowProxy]]:
    """Run the proxy, and a server where none is given, in a thread; yields the proxy's URL and the proxy."""
    found: list[object] = []
    ready, stop = threading.Event(), threading.Event()

    async def serve() -> None:
        async with AsyncExitStack() as resources:
            proxy = SlowProxy(target or await _simulated(resources))
            found.extend((await resources.enter_async_context(proxy), proxy))
            ready.set()
            while not stop.is_set():
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=lambda: uvloop.run(serve()), daemon=True)
    thread.start()
    ready.wait(30)
    yield found[0], found[1]
    stop.set()
    thread.join(30)


async def _simulated(resources: AsyncExitStack) -> str:
    runner = web.AppRunner(_server(), access_log=None)
    await runner.setup()
    resources.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


def _server() -> web.Application:
    noise = random.Random(23)  # noqa: S311 - a noise, not a secret

    async def answer(request: web.Request) -> web.Response:
        prompt = hashlib.sha256(await request.read()).digest()
        own = random.Random(prompt).lognormvariate(0, 0.4)  # noqa: S311
        await asyncio.sleep(0.1 * own * noise.lognormvariate(0, 0.1))
        event = {"model": "m", "choices": [{"delta": {"content": "- Рубль укрепился. Открыли музей."}}]}
        body = f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n"
        return web.Response(text=body, content_type="text/event-stream")

    application = web.Application(client_max_size=1 << 24)
    application.router.add_post("/v1/chat/completions", answer)
    return application


if __name__ == "__main__":
    main()
