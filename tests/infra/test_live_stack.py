"""What was recorded is there: each failure names what is missing and the command that helps."""

import json
import re
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from recorded_stack import LiveStack, bring_back

FRESH_SCRAPES = 3
WATCHDOG_SECONDS = 300.0
FEWEST_SERIES = 0.5


def test_every_service_answers(stack: LiveStack) -> None:
    silent = []
    for name, service in stack.services.items():
        url = service["ready_url"]
        answers = (
            stack.get(url) is not None if url else all(map(stack.accepts, service["endpoints"].values()))
        )
        if not answers:
            silent.append(f"{name} does not answer. {bring_back(name)}")

    assert not silent, "\n".join(silent)


def test_every_recorded_target_was_scraped_just_now(stack: LiveStack) -> None:
    ages = {key(one): float(one["value"][1]) for one in stack.promql("time() - timestamp(up == 1)")}
    stale = []
    for target in stack.inventory["targets"]:
        age, bound = (
            ages.get(f"{target['job']} {target['instance']}"),
            FRESH_SCRAPES * target["interval_seconds"],
        )
        if age is None or age > bound:
            told = "is not up" if age is None else f"was scraped {age:.0f} s ago, bound {bound:.0f} s"
            stale.append(f"target {target['job']} {told}. {bring_back(service_of(stack, target['job']))}")

    assert not stale, "\n".join(stale)


def test_every_target_gives_about_as_many_series_as_recorded(stack: LiveStack) -> None:
    now = {key(one): float(one["value"][1]) for one in stack.promql("scrape_samples_post_metric_relabeling")}
    few = [
        f"target {name}: {now.get(name, 0):.0f} series, recorded {count}"
        for name, count in stack.inventory["series"].items()
        if now.get(name, 0) < FEWEST_SERIES * count
    ]

    assert not few, "\n".join(few)


def test_every_recorded_rule_is_evaluated(stack: LiveStack) -> None:
    groups = {one["name"]: one for one in stack.ask("prometheus", "/api/v1/rules")["data"]["groups"]}
    wrong = []
    for recorded in stack.inventory["rules"]:
        rules = {
            rule["name"]: rule["health"] for rule in groups.get(recorded["name"], {"rules": []})["rules"]
        }
        lost = sorted(set(recorded["rules"]) - rules.keys())
        sick = sorted(name for name, health in rules.items() if health != "ok")
        if lost or sick:
            told = "; ".join(
                [f"lost {name}" for name in lost] + [f"{name} is not evaluated" for name in sick]
            )
            wrong.append(f"rule group {recorded['name']}: {told}. Put it back: make day-23-up")

    assert not wrong, "\n".join(wrong)


def test_the_watchdog_got_through(stack: LiveStack) -> None:
    if "butler_sidecar" not in stack.services:
        pytest.skip("no receiver of notifications is recorded")
    page = stack.get(f"http://{stack.address('butler_sidecar')}/metrics")
    assert page is not None, f"butler_sidecar does not answer. {bring_back('butler_sidecar')}"
    found = re.search(r"^butler_watchdog_timestamp_seconds (\S+)$", page, re.MULTILINE)
    told = "no Watchdog has reached the Butler sidecar since it started"

    assert found, f"{told}. Look at the route: {stack.address('alertmanager')}"
    assert time.time() - float(found[1]) < WATCHDOG_SECONDS, f"{told} in the last {WATCHDOG_SECONDS:.0f} s"


def test_recorded_silences_hold(stack: LiveStack) -> None:
    present = {one["id"] for one in stack.ask("alertmanager", "/api/v2/silences")}
    lost = [
        f"silence {identity} is gone: {silence['matchers']}. Make it again in Alertmanager"
        for identity, silence in stack.inventory["silences"].items()
        if identity not in present and "Restart" not in silence["matchers"]
    ]

    assert not lost, "\n".join(lost)


def test_recorded_log_streams_can_be_read(stack: LiveStack) -> None:
    services = {stream.split("/")[0] for stream in stack.inventory["streams"]} - {"canary"}
    known = set(stack.ask("loki", "/loki/api/v1/label/service/values", since="168h")["data"])

    assert services <= known, (
        f"no log lines of {', '.join(sorted(services - known))}. {bring_back('collector')}"
    )


def test_the_collector_delivers(stack: LiveStack) -> None:
    query = urlencode({"query": 'sum(count_over_time({service=~".+"}[1h]))'})
    body = stack.get(f"http://{stack.address('loki')}/loki/api/v1/query?{query}")
    assert body is not None, f"loki does not answer. {bring_back('loki')}"

    assert json.loads(body)["data"]["result"], f"no line in the last hour. {bring_back('collector')}"


def test_node_exporter_serves_every_recorded_textfile(stack: LiveStack) -> None:
    page = stack.get(f"http://{stack.address('node_exporter')}/metrics")
    assert page is not None, f"node_exporter does not answer. {bring_back('node_exporter')}"
    lost = [
        f"textfile {file} does not give {name}; run its command again"
        for file, names in stack.inventory["textfiles"].items()
        for name in names
        if f"# TYPE {name} " not in page
    ]

    assert not lost, "\n".join(lost)


def test_no_write_ahead_log_was_damaged(stack: LiveStack) -> None:
    damaged = stack.promql(
        '{__name__=~"prometheus_tsdb_wal_corruptions_total|loki_ingester_wal_corruptions_total"} > 0'
    )

    assert not damaged, f"damage was found at the last start: {damaged}"


def key(sample: dict[str, Any]) -> str:
    return f"{sample['metric'].get('job')} {sample['metric'].get('instance')}"


def service_of(stack: LiveStack, job: str) -> str:
    return next((name for name, one in stack.services.items() if one["job"] == job), job)
