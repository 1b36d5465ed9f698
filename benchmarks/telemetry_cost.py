"""What telemetry costs a running stack: lines, scrapes, a step's share, and the way of a line into Loki.

    make day-23
    .venv/bin/python benchmarks/telemetry_cost.py

The figures go to `benchmarks/results/telemetry_cost.json` and, between markers, to the page of figures.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
from figures_page import host, write_part

from day23.domain.stack_paths import StackPaths
from day23.infrastructure.http_get import get
from day23.infrastructure.logs.redaction import Redactor
from day23.infrastructure.logs.structured import LogFile, StructuredLog
from day23.infrastructure.queries.loki import LokiQueries
from day23.infrastructure.stack_records import StackRecords
from day23.presentation.cli.command import run_command
from day23.settings import Settings
from day23.wiring.connections import loki_url, service_address
from day23.wiring.telemetry import telemetry_session

RESULT = Path(__file__).with_name("results") / "telemetry_cost.json"
RUNTIMES = ("mcp_server", "butler_sidecar", "llm_api")
LINES, ROUNDS, SCRAPES, SESSIONS, ARRIVALS = 2_000, 10, 300, 30, 5
STEP_LINES, STEP_SPANS, STEP_VALUES = 10, 10, 10
"""What a step of `make day-23` writes, rounded up: 33 lines, 30 spans and 35 series come from five steps."""

STEPS = 6
"""Bootstrap, seed, verify, export, benchmark, report."""

_GIVEN_UP_SECONDS = 30.0

Values = list[float]


@click.command()
@click.option("--stack-root", type=click.Path(path_type=Path, exists=True), default=Path(".day23"))
def measure(stack_root: Path) -> None:
    """Measure a stack that is up, then write the figures down."""
    settings = Settings().model_copy(update={"stack_root": stack_root.resolve()})
    values = {"one log line in-process, µs": log_line_microseconds()}
    for name in RUNTIMES:
        url = f"http://{service_address(settings, name)}/metrics"
        values[f"`/metrics` of {name}, ms"] = milliseconds(lambda url=url: get(url, 10.0), SCRAPES)
    values["telemetry of one step, ms"] = milliseconds(lambda: step(settings), SESSIONS)
    arrivals = {name: list(arrival_seconds(settings, name)) for name in services(settings)}
    values["from a service's file to LogQL, s"] = [each for found in arrivals.values() for each in found]
    rounded = {name: [round(each, 3) for each in found] for name, found in values.items()}
    result = {"host": host(), "values": rounded, "services": sorted(arrivals)}
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part = page(result)
    write_part("telemetry", part)
    print(part)


def log_line_microseconds() -> Values:
    """Return the mean time of one line in each round."""
    context = {"service": "seed", "trace_id": "0" * 32, "stage_id": "TL-01", "stream": "app"}
    with tempfile.TemporaryDirectory() as folder:
        log = StructuredLog(LogFile(Path(folder) / "seed.app.jsonl"), Redactor(["a" * 48]), "info", context)

        def lines() -> None:
            for number in range(LINES):
                log.write("info", "digest stored", {"channel": "habr", "documents": number})

        return [each * 1000 / LINES for each in milliseconds(lines, ROUNDS)]


def milliseconds(action: Callable[[], object], times: int) -> Values:
    """Return how long each call took."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def step(settings: Settings) -> None:
    """Do what the telemetry of one step does: open, write, publish metrics, store spans, close."""
    with telemetry_session(settings, "verify", "TL-01") as telemetry:
        for number in range(max(STEP_LINES, STEP_SPANS, STEP_VALUES)):
            with telemetry.span("verify.measured"):
                telemetry.log("info", "measured", documents=number)
            telemetry.measure("structured_logs_total", 0, service="verify", level="info")


def services(settings: Settings) -> Sequence[str]:
    """Return the services whose output stands in a file of the stack."""
    paths = StackPaths(settings.stack_root)
    return [
        record.name for record in StackRecords(paths).load_all() if paths.log(record.name, "stdout").exists()
    ]


def arrival_seconds(settings: Settings, service: str) -> Iterator[float]:
    """Append lines to the file that holds a service's output; yield the time until LogQL finds each."""
    queries = LokiQueries(lambda: loki_url(settings))
    for _ in range(ARRIVALS):
        token, began = uuid4().hex, time.perf_counter()
        started = datetime.now(UTC)
        with StackPaths(settings.stack_root).log(service, "stdout").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"level": "info", "msg": f"canary {token}"}) + "\n")
        while time.perf_counter() - began < _GIVEN_UP_SECONDS:
            asked = f'{{service="{service}"}} |= "{token}"'
            if queries.lines(asked, started - timedelta(minutes=1), started + timedelta(minutes=1)):
                break
            time.sleep(0.02)
        yield time.perf_counter() - began


def page(result: Mapping[str, Any]) -> str:
    """Return the part of the page between its markers."""
    values: dict[str, Values] = result["values"]
    table = ["| what | median | P99 or worst | n |", "|---|---|---|---|"]
    for name, found in values.items():
        high = sorted(found)[int(len(found) * 0.99) - 1] if len(found) >= SCRAPES else max(found)
        table.append(f"| {name} | {statistics.median(found):.2f} | {high:.2f} | {len(found)} |")
    share = statistics.median(values["telemetry of one step, ms"]) * STEPS
    told = f"{len(result['services'])} services wrote lines. "
    told += f"The telemetry of all {STEPS} steps of `make day-23` together: {share:.0f} ms."
    return "\n".join(
        [*table, "", told, "", "; ".join(f"{name} {value}" for name, value in result["host"].items()) + "."]
    )


if __name__ == "__main__":
    run_command(measure)
