"""Alerts of a running stack: a condition is caused, the alert reaches the webhook, and resolves.

The stack runs at the pace of a test: `stack_alert_pace` shortens every wait and window of the rules, which
are themselves the committed ones.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import pytest
from live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(600)]

PACE = {
    "stack_alert_pace": 60,
    "stack_scrape_interval": "1s",
    "loki_rule_interval": "1s",
    "alertmanager_group_wait": "0s",
    "alertmanager_group_interval": "1s",
    "alertmanager_watchdog_interval": "5s",
    "butler_sidecar_seconds_between_looks": 1,
}
PATIENCE_SECONDS = 90
CAUSED = {
    "TargetDown": "critical",
    "SharedInfraBootstrapFailed": "critical",
    "ButlerMongoDBConnectionFailed": "critical",
    "BenchmarkExportSlow": "warning",
    "TextfileBroken": "warning",
    "LokiDiscardsLines": "warning",
    "LogVolumeSpike": "warning",
    "ErrorLogs": "warning",
}
"""Receiver by alert."""

SLOW_EXPORT = """\
# TYPE benchmark_export_duration_seconds histogram
benchmark_export_duration_seconds_bucket{exporter="digests",le="60.0"} 0
benchmark_export_duration_seconds_bucket{exporter="digests",le="120.0"} 1
benchmark_export_duration_seconds_bucket{exporter="digests",le="+Inf"} 1
benchmark_export_duration_seconds_count{exporter="digests"} 1
benchmark_export_duration_seconds_sum{exporter="digests"} 71
"""
_COUNTED = re.compile(
    r'butler_notifications_total\{alertname="(?P<alert>\w+)",receiver="(?P<receiver>\w+)",status="(?P<status>\w+)"\}'
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    stack = LiveStack(tmp_path_factory.mktemp("live-alerts"))
    try:
        started = stack.play("up", **PACE)
        assert started.exit_code == 0, started.output[-4000:]
        yield stack
    finally:
        stack.play("down", stack_purge=True)


def test_alerts_fire_for_real_arrive_and_resolve(stack: LiveStack) -> None:
    with ExitStack() as troubles:
        troubles.enter_context(_suspended(stack, "llm_api"))
        troubles.enter_context(_suspended(stack, "mongodb"))
        troubles.enter_context(_left_behind(stack.paths.textfiles / "export.prom", SLOW_EXPORT))
        troubles.enter_context(_left_behind(stack.paths.textfiles / "broken.prom", "this is no metric\n"))
        troubles.enter_context(_flood(stack.paths.logs / "flood.stdout.jsonl"))
        _push_a_line_that_is_too_old(stack)
        assert _bootstrap_check(stack) == 1
        _eventually(lambda: _told(stack, "firing").items() >= CAUSED.items(), stack, "firing")
    assert _bootstrap_check(stack) == 0
    _eventually(lambda: _told(stack, "resolved").items() >= CAUSED.items(), stack, "resolved")


def test_every_notification_left_an_audit_line(stack: LiveStack) -> None:
    for status in ("firing", "resolved"):
        _eventually(partial(_all_recorded, stack, status), stack, status)


def test_the_watchdog_arrives_all_the_time(stack: LiveStack) -> None:
    assert _told(stack, "firing")["Watchdog"] == "watchdog"
    assert stack.promql("time() - butler_watchdog_timestamp_seconds < 30")


def test_broken_rules_are_refused_and_the_old_ones_stay(stack: LiveStack) -> None:
    broken = stack.folder / "broken.yml"
    broken.write_text(
        "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: rate(up[5m]) >\n", encoding="utf-8"
    )

    refused = stack.play("up", "--tags", "prometheus", **PACE, prometheus_rules=[str(broken)])

    assert refused.exit_code != 0
    assert "so nothing was changed" in refused.output
    assert "broken.yml" in refused.output
    groups = stack.ask("prometheus", "/api/v1/rules")["data"]["groups"]
    assert {"stack", "runtimes", "telemetry", "host", "dataset", "targets", "slo"} <= {
        group["name"] for group in groups
    }


def _all_recorded(stack: LiveStack, status: str) -> bool:
    query = '{stream="audit"} |= "alert notification"'
    told = stack.ask("loki", "/loki/api/v1/query_range", query=query, since="1h", limit="5000")
    lines = [json.loads(line[1]) for one in told["data"]["result"] for line in one["values"]]
    return {line["resource"] for line in lines if line["outcome"] == status} >= set(CAUSED)


@contextmanager
def _suspended(stack: LiveStack, name: str) -> Iterator[None]:
    process = _eventually(lambda: stack.processes().get(name), stack, "running")
    assert isinstance(process, psutil.Process)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


@contextmanager
def _left_behind(path: Path, text: str) -> Iterator[None]:
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.unlink()


@contextmanager
def _flood(path: Path) -> Iterator[None]:
    """Write about 3000 error lines a second into a log file that the collector reads."""
    ended = threading.Event()
    line = json.dumps({"level": "error", "event": "flood"})

    def write() -> None:
        number = 0
        with path.open("a", encoding="utf-8") as log:
            while not ended.wait(0.1):
                log.write("".join(f'{line[:-1]}, "number": {number + one}}}\n' for one in range(300)))
                log.flush()
                number += 300

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def _push_a_line_that_is_too_old(stack: LiveStack) -> None:
    old = str(int((time.time() - 60 * 24 * 3600) * 1e9))
    body = {"streams": [{"stream": {"service": "test", "level": "info"}, "values": [[old, "too old"]]}]}
    url = f"http://127.0.0.1:{stack.ports['loki']}/loki/api/v1/push"
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with pytest.raises(OSError, match="400"):
        urlopen(request, timeout=10)  # noqa: S310


def _bootstrap_check(stack: LiveStack) -> int:
    return stack.script("scripts/ci/bootstrap_shared_infra.py", "--check").returncode


def _told(stack: LiveStack, status: str) -> dict[str, str]:
    """Return the receiver by alert, as the sidecar counted notifications of this status."""
    with urlopen(f"http://127.0.0.1:{stack.ports['butler_sidecar']}/metrics", timeout=10) as answer:
        found = _COUNTED.finditer(answer.read().decode())
        return {one["alert"]: one["receiver"] for one in found if one["status"] == status}


def _eventually(holds: Callable[[], object], stack: LiveStack, status: str) -> object:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if value := holds():
                return value
        except (OSError, KeyError, psutil.Error):
            pass
        missing = set(CAUSED) - set(_told(stack, status)) if time.monotonic() > deadline else set()
        assert time.monotonic() < deadline, f"not {status} in time: {sorted(missing)}"
        time.sleep(0.5)
