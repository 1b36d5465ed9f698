"""What was recorded is there: each failure names what is missing and the command that helps."""

import re
from typing import Any

import pytest
from recorded_stack import LiveStack, bring_back

FRESH_SCRAPES = 3
WATCHDOG_SECONDS = 300.0
FEWEST_SERIES = 0.5
SERIES = "scrape_samples_post_metric_relabeling"
RULES_SECONDS = 60.0
DELIVERY_SECONDS = 30.0


def test_every_service_answers(stack: LiveStack) -> None:
    stack.expect_none([f"{name} does not answer. {bring_back(name)}" for name in stack.silent()])


def test_every_recorded_target_was_scraped_just_now(stack: LiveStack) -> None:
    bounds = {
        f"{one['job']} {one['instance']}": FRESH_SCRAPES * one["interval_seconds"]
        for one in stack.inventory["targets"]
    }

    def stale() -> list[str]:
        ages = {key(one): float(one["value"][1]) for one in stack.promql("time() - timestamp(up == 1)")}
        return [
            told
            for target, bound in bounds.items()
            if (told := _stale(stack, target, ages.get(target), bound))
        ]

    stack.expect_none(stack.soon(stale, max(bounds.values(), default=0.0)))


def _stale(stack: LiveStack, target: str, age: float | None, bound: float) -> str:
    if age is not None and age <= bound:
        return ""
    seen = "is not up" if age is None else f"was scraped {age:.0f} s ago, bound {bound:.0f} s"
    return f"target {target} {seen}. {bring_back(service_of(stack, target))}"


def test_every_target_gives_about_as_many_series_as_recorded(stack: LiveStack) -> None:
    """A program that was started since shows its labelled series only when it is used: some are enough."""
    recorded, since = stack.recorded("series"), stack.inventory["taken_at"]
    found = {key(one): float(one["value"][1]) for one in stack.promql(SERIES)}
    started = {key(one) for one in stack.promql(f"process_start_time_seconds > {since:.0f}")}
    few = [
        f"target {name}: {now:.0f} series, recorded {count}. {bring_back(service_of(stack, name))}"
        for name, count in recorded.items()
        if (now := found.get(name, 0.0)) < (1 if name in started else FEWEST_SERIES * count)
    ]

    stack.expect_none(few)


def test_every_rule_is_evaluated(stack: LiveStack) -> None:
    def wrong() -> list[str]:
        groups = stack.ask("prometheus", "/api/v1/rules")["data"]["groups"]
        present = {(group["name"], rule["name"]) for group in groups for rule in group["rules"]}
        lost = [
            f"rule {name} of group {group['name']} is gone. Put it back: make day-23-up"
            for group in stack.inventory.get("rules", [])
            for name in group["rules"]
            if (group["name"], name) not in present
        ]
        sick = [
            f"rule {rule['name']} of group {group['name']} is {rule['health']}: {rule.get('lastError', '')}"
            for group in groups
            for rule in group["rules"]
            if rule["health"] != "ok"
        ]
        return lost + sick

    stack.expect_none(stack.soon(wrong, RULES_SECONDS))


def test_the_watchdog_got_through(stack: LiveStack) -> None:
    if "butler_sidecar" not in stack.services:
        pytest.skip("no receiver of notifications is recorded")
    page = stack.metrics("butler_sidecar")
    found = re.search(r"^butler_watchdog_timestamp_seconds (\S+)$", page, re.MULTILINE)
    age = stack.now() - float(found[1]) if found else None

    if age is None or age > WATCHDOG_SECONDS:
        told = "since it started" if age is None else f"for {age:.0f} s, bound {WATCHDOG_SECONDS:.0f} s"
        route = f"look at its route: {stack.address('alertmanager')}"
        stack.expect_none(
            [f"no Watchdog has reached the Butler sidecar {told}; {route}. {bring_back('alertmanager')}"]
        )


def test_recorded_silences_hold(stack: LiveStack) -> None:
    recorded = stack.recorded("silences")
    present = {one["id"] for one in stack.ask("alertmanager", "/api/v2/silences")}
    lost = [
        f"silence {identity} is gone: {silence['matchers']}. Make it again in Alertmanager"
        for identity, silence in recorded.items()
        if identity not in present and "Restart" not in silence["matchers"]
    ]

    stack.expect_none(lost)


def test_recorded_log_streams_can_be_read(stack: LiveStack) -> None:
    services = {stream.split("/")[0] for stream in stack.recorded("streams")} - {"canary"}
    known = set(stack.ask("loki", "/loki/api/v1/label/service/values", since="168h")["data"])

    stack.expect_none(
        [f"no log lines of {name}. {bring_back('collector')}" for name in sorted(services - known)]
    )


def test_the_collector_delivers(stack: LiveStack) -> None:
    def undelivered() -> list[str]:
        found = stack.ask("loki", "/loki/api/v1/query", query='sum(count_over_time({service=~".+"}[1h]))')
        return [] if found["data"]["result"] else [f"no line in the last hour. {bring_back('collector')}"]

    stack.expect_none(stack.soon(undelivered, DELIVERY_SECONDS))


def test_node_exporter_serves_every_recorded_textfile(stack: LiveStack) -> None:
    recorded = stack.recorded("textfiles")
    page = stack.metrics("node_exporter")
    lost = [
        f"textfile {file} does not give {name}; run its command again"
        for file, names in recorded.items()
        for name in names
        if f"# TYPE {name} " not in page
    ]

    stack.expect_none(lost)


def test_no_write_ahead_log_was_damaged(stack: LiveStack) -> None:
    damaged = stack.promql(
        '{__name__=~"prometheus_tsdb_wal_corruptions_total|loki_ingester_wal_corruptions_total"} > 0'
    )

    stack.expect_none([f"damage was found at the last start: {each['metric']}" for each in damaged])


def key(sample: dict[str, Any]) -> str:
    return f"{sample['metric'].get('job')} {sample['metric'].get('instance')}"


def service_of(stack: LiveStack, target: str) -> str:
    job = target.split(" ")[0]
    return next((name for name, one in stack.services.items() if one["job"] == job), job)
