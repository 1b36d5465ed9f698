"""Measure the benchmark's client beside wrk, GuideLLM and AIPerf, all against one stub on loopback.

The stub has the machine's last core for itself, the clients share the first one, one at a time. GuideLLM and
AIPerf are no part of the project: install each into an environment of its own and name its program; AIPerf
wants the folder of a tokenizer too, which it loads and does not use. Each round runs every client once, in
random order; ratios are paired within rounds.
"""

import asyncio
import json
import math
import os
import platform
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop
from figures_page import write_part

from day23.application.ports import ChatRequest
from day23.domain.percentile import nearest_rank
from day23.domain.statistics.student_t import mean_interval
from day23.infrastructure.llm.calibration import loopback_stub, measured_client

RESULT = Path(__file__).parent / "results" / "client_overhead.json"
IN_FLIGHT = 32
PROMPT = "Рубль укрепился до 104 за доллар. Открыли музей кино. Завтра снег. " * 40
BODY = {"model": "stub", "stream": True, "messages": [{"role": "user", "content": PROMPT}]}
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}

Figures = dict[str, float]


def day23_client(url: str, _folder: Path) -> Figures:
    """Return the figures of what calibrates each run: 1,000 requests one by one, 1,000 with 32 in flight."""
    found = uvloop.run(measured_client(url, ChatRequest("", PROMPT), IN_FLIGHT, 1000))
    return {"p50": found.overhead_seconds, "rate": found.maximum_rate}


def wrk(url: str, folder: Path) -> Figures:
    """Return the figures of wrk: one thread, two seconds each."""
    script = folder / "post.lua"
    script.write_text(
        'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
        f"wrk.body = [==[{json.dumps(BODY, ensure_ascii=False)}]==]\n",
        encoding="utf-8",
    )

    def told(connections: int) -> str:
        command = ["wrk", "-t1", f"-c{connections}", "-d2s", "--latency", "-s", str(script)]
        return subprocess.run([*command, f"{url}/v1/chat/completions"], **_CAPTURED).stdout

    alone, together = told(1), told(IN_FLIGHT)
    median = re.search(r"50%\s+([\d.]+)(us|ms|s)", alone)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", together)
    if median is None or rate is None:
        raise click.ClickException("wrk printed no figures")
    return {"p50": float(median[1]) * UNITS[median[2]], "rate": float(rate[1])}


def guidellm(program: str) -> Callable[[str, Path], Figures]:
    """Return what measures GuideLLM: 200 requests one by one, 1,000 with 32 in flight."""

    def measured(url: str, folder: Path) -> Figures:
        prompts = folder / "prompts.jsonl"
        line = json.dumps({"prompt": PROMPT}, ensure_ascii=False)
        prompts.write_text(f"{line}\n" * 1000, encoding="utf-8")

        def ran(profile: str, requests: int) -> dict[str, dict[str, Figures]]:
            output = folder / "guidellm.json"
            backend = f"kind=openai_http,target={url},model=stub"
            arguments = {
                "--backend": backend,
                "--profile": profile,
                "--constraint": f"kind=max_requests,count={requests}",
                "--data": f"kind=json_file,path={prompts}",
                "--output": f"kind=json,path={output}",
            }
            typed = [part for pair in arguments.items() for part in pair]
            subprocess.run([program, "run", *typed, "--disable-console"], **_CAPTURED)
            found: dict[str, dict[str, Figures]] = json.loads(output.read_bytes())["benchmarks"][0]["metrics"]
            return found

        alone, together = ran("kind=synchronous", 200), ran(f"kind=concurrent,streams={IN_FLIGHT}", 1000)
        return {
            "p50": alone["request_latency"]["successful"]["median"],
            "rate": together["requests_per_second"]["successful"]["mean"],
        }

    return measured


def aiperf(program: str, tokenizer: str) -> Callable[[str, Path], Figures]:
    """Return what measures AIPerf: 200 requests one by one, 1,000 with 32 in flight."""

    def measured(url: str, folder: Path) -> Figures:
        prompts = folder / "texts.jsonl"
        prompts.write_text(f"{json.dumps({'text': PROMPT}, ensure_ascii=False)}\n" * 1000, encoding="utf-8")

        def ran(in_flight: int, requests: int) -> dict[str, Figures]:
            arguments = {
                "--url": url,
                "--model": "stub",
                "--endpoint-type": "chat",
                "--tokenizer": tokenizer,
                "--concurrency": str(in_flight),
                "--request-count": str(requests),
                "--input-file": str(prompts),
                "--custom-dataset-type": "single_turn",
                "--artifact-dir": str(folder / "aiperf"),
                "--ui": "none",
            }
            typed = [part for pair in arguments.items() for part in pair]
            subprocess.run(
                [program, "profile", *typed, "--streaming", "--use-server-token-count"], **_CAPTURED
            )
            found: dict[str, Figures] = json.loads(
                (folder / "aiperf/profile_export_aiperf.json").read_bytes()
            )
            return found

        alone, together = ran(1, 200), ran(IN_FLIGHT, 1000)
        return {
            "p50": alone["request_latency"]["p50"] * UNITS["ms"],
            "rate": together["request_throughput"]["avg"],
        }

    return measured


_CAPTURED = {"capture_output": True, "text": True, "check": True, "timeout": 300}


@click.command()
@click.option("--rounds", type=click.IntRange(2), default=10, show_default=True)
@click.option("--guidellm", "guidellm_program", help="The program of a GuideLLM that is installed elsewhere.")
@click.option("--aiperf", "aiperf_program", help="The program of an AIPerf that is installed elsewhere.")
@click.option("--tokenizer", help="Folder of any tokenizer that AIPerf can load.")
def main(
    rounds: int, guidellm_program: str | None, aiperf_program: str | None, tokenizer: str | None
) -> None:
    """Measure, write the committed result, and its table into the page of figures."""
    clients: dict[str, Callable[[str, Path], Figures]] = {"day23": day23_client, "wrk": wrk}
    if guidellm_program:
        clients[f"GuideLLM {_version(guidellm_program)}"] = guidellm(guidellm_program)
    if aiperf_program and tokenizer:
        clients[f"AIPerf {_version(aiperf_program)}"] = aiperf(aiperf_program, tokenizer)
    before = os.getloadavg()
    measured = asyncio.run(_rounds(clients, rounds))
    result = {"rounds": rounds, "in_flight": IN_FLIGHT, **_machine(before), "clients": measured}
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    write_part("client", page(result))
    click.echo(page(result))


def _version(program: str) -> str:
    return subprocess.run([program, "--version"], **_CAPTURED).stdout.split()[-1]


async def _rounds(
    clients: dict[str, Callable[[str, Path], Figures]], rounds: int
) -> dict[str, dict[str, list[float]]]:
    measured: dict[str, dict[str, list[float]]] = {name: {"p50": [], "rate": []} for name in clients}
    first, *_, last = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {last})
    async with loopback_stub() as url:
        os.sched_setaffinity(0, {first})
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(rounds):
                for name in random.sample(sorted(clients), len(clients)):
                    found = await asyncio.to_thread(clients[name], url, Path(folder))
                    for figure, value in found.items():
                        measured[name][figure].append(value)
    return measured


def _machine(before: Sequence[float]) -> dict[str, str]:
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "python": platform.python_version(),
        "load_before": ", ".join(f"{value:.2f}" for value in before),
        "load_after": ", ".join(f"{value:.2f}" for value in os.getloadavg()),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


_COLUMNS = (
    "client",
    "p50, one at a time",
    "range",
    "requests/s, 32 in flight",
    "range",
    "p50 ÷ wrk's",
    "our rate ÷ its",
)


def page(result: dict[str, object]) -> str:
    """Return the result as Markdown."""
    clients: dict[str, dict[str, list[float]]] = result["clients"]  # type: ignore[assignment]
    lines = [
        f"| {' | '.join(_COLUMNS)} |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in clients.items():
        p50, rate = found["p50"], found["rate"]
        cells = (
            name,
            f"{1000 * nearest_rank(p50, 50):.3f} ms",
            f"{1000 * min(p50):.3f}–{1000 * max(p50):.3f}",
            f"{nearest_rank(rate, 50):.0f}",
            f"{min(rate):.0f}–{max(rate):.0f}",
            _ratio(p50, clients["wrk"]["p50"]),
            _ratio(clients["day23"]["rate"], rate),
        )
        lines.append(f"| {' | '.join(cells)} |")
    around = (
        f"{result['rounds']} rounds; {result['machine']}; Python {result['python']}; load average before "
        f"{result['load_before']}, after {result['load_after']}; {result['measured_at']}. Ratios: geometric "
        "means of paired rounds with 95 % intervals (Student's t on logarithms)."
    )
    return "\n".join([around, "", *lines])


def _ratio(over: Sequence[float], under: Sequence[float]) -> str:
    logs = [math.log(one / other) for one, other in zip(over, under, strict=True)]
    found = mean_interval(logs)
    middle = math.exp(sum(logs) / len(logs))
    return f"{middle:.2f} [{math.exp(found.lowest):.2f}, {math.exp(found.highest):.2f}]"


if __name__ == "__main__":
    main()
