"""Alerts on log lines: pushed to a real Loki, judged by its ruler, told by Alertmanager to a webhook.

Lines are stamped evenly and a second ahead, so that every window holds the same number of them. Beside the
rules, the same ruler evaluates each of them with one fault, and the lines tell them apart.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from alert_servers import (
    Webhook,
    ask,
    eventually,
    post,
    program,
    text_of,
)
from role_artifacts import REPOSITORY, filled, program_of, role_template
from rule_mutations import mutations_of

from day23.domain.rule_pace import paced
from free_ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

RULES = REPOSITORY / "loki/rules/stack.yml"
PACE = 75
"""Five minutes become four seconds, fifteen become twelve."""

AHEAD_SECONDS = 1.0
STREAMS = {
    ("failing", "error"): 5.7,
    ("strained", "error"): 4.5,
    ("dying", "fatal"): 5.7,
    ("flooding", "info"): 1120.0,
    ("busy", "info"): 900.0,
    ("strange", "unparsed"): 4.7,
    ("quaint", "unparsed"): 3.7,
}
"""Lines a second by service and level, just above and just below what each alert allows."""

TOLD = {
    ("ErrorLogs", "failing"),
    ("ErrorLogs", "dying"),
    ("LogVolumeSpike", "flooding"),
    ("UnparsedLogs", "strange"),
}


@dataclass(frozen=True)
class LogAlerts:
    """A Loki with the rules and their mutations, and the end of the alert path."""

    address: str
    rules: Path
    log: Path
    webhook: Webhook
    mutants: dict[str, str]

    def firing(self) -> dict[str, set[str]]:
        """Return service and severity of everything that fires, by alert."""
        found = dict[str, set[str]]()
        for alert in ask(f"{self.address}/prometheus/api/v1/alerts")["data"]["alerts"]:
            labels = alert["labels"]
            if alert["state"] == "firing":
                words = " ".join(f"{name}={labels[name]}" for name in sorted(labels) if name != "alertname")
                found.setdefault(labels["alertname"], set()).add(words)
        return found


class Writer:
    """Pushes every stream until it is told to stop."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        begin = time.time()
        written = dict.fromkeys(STREAMS, 0)
        while not self._ended.wait(0.3):
            until = time.time() + AHEAD_SECONDS - begin
            streams = [self._stream(key, begin, written, until) for key in STREAMS]
            post(f"{self._address}/loki/api/v1/push", {"streams": [one for one in streams if one["values"]]})

    def _stream(
        self, key: tuple[str, str], begin: float, written: dict[Any, int], until: float
    ) -> dict[str, Any]:
        numbers = range(written[key], int(until * STREAMS[key]))
        written[key] = max(written[key], numbers.stop)
        values = [[str(int((begin + number / STREAMS[key]) * 1e9)), f"line {number}"] for number in numbers]
        return {"stream": {"service": key[0], "level": key[1], "stream": "stderr"}, "values": values}


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogAlerts]:
    folder, webhook = tmp_path_factory.mktemp("log-alerts"), Webhook()
    ports = {name: free_port() for name in ("loki", "loki_grpc", "alertmanager")}
    tenant = folder / "rules/fake"
    tenant.mkdir(parents=True)
    (tenant / RULES.name).write_text(paced(RULES.read_text(encoding="utf-8"), PACE), encoding="utf-8")
    mutants = _write_mutants(tenant)
    notified = _alertmanager_configuration(folder, webhook)
    options = ("--cluster.listen-address=", f"--storage.path={folder}/alertmanager")
    try:
        with (
            program(
                program_of("alertmanager"),
                "alertmanager",
                f"--config.file={notified}",
                f"--web.listen-address=127.0.0.1:{ports['alertmanager']}",
                *options,
            ),
            program(
                program_of("loki"),
                "loki",
                f"-config.file={_loki_configuration(folder, ports)}",
                log=folder / "loki.log",
            ),
        ):
            address = f"http://127.0.0.1:{ports['loki']}"
            eventually(lambda: text_of(f"{address}/ready"))
            yield LogAlerts(address, tenant, folder / "loki.log", webhook, mutants)
    finally:
        webhook.close()


def _write_mutants(tenant: Path) -> dict[str, str]:
    """Write every mutation as an alert of its own name; return what each of them is.

    Left out are other waits, which a few seconds cannot tell apart, and a selector that has lost its only
    matcher, which Loki refuses to load.
    """
    mutants, rules = dict[str, str](), []
    for number, mutation in enumerate(mutations_of(RULES)):
        rule = next(one for one in mutation.content["groups"][0]["rules"] if one["alert"] == mutation.alert)
        if mutation.fault.startswith("waits") or "{}" in rule["expr"]:
            continue
        name = f"{mutation.alert}Mutant{number}"
        mutants[name] = f"{mutation.alert} {mutation.fault}"
        rules.append({**rule, "alert": name, "annotations": {}})
    text = yaml.safe_dump({"groups": [{"name": "mutants", "rules": rules}]}, width=1000)
    (tenant / "mutants.yml").write_text(paced(text, PACE), encoding="utf-8")
    return mutants


def _loki_configuration(folder: Path, ports: dict[str, int]) -> Path:
    endpoints = {"alertmanager": f"127.0.0.1:{ports['alertmanager']}"}
    text = role_template(
        "loki",
        "roles/loki/templates/loki.yml.j2",
        stack_ports=ports,
        stack_endpoints=endpoints,
        loki_rule_interval="1s",
    )
    path = folder / "loki.yml"
    path.write_text(filled(text, bind="127.0.0.1", data=folder / "data", config=folder), encoding="utf-8")
    return path


def _alertmanager_configuration(folder: Path, webhook: Webhook) -> Path:
    path = folder / "alertmanager.yml"
    text = role_template(
        "alertmanager",
        "prometheus/alertmanager.yml.j2",
        stack_endpoints={"butler_sidecar": webhook.endpoint},
        alertmanager_group_wait="0s",
        alertmanager_group_interval="1s",
    )
    path.write_text(text, encoding="utf-8")
    return path


def test_each_alert_fires_is_told_and_resolves_and_a_broken_one_is_noticed(alerts: LogAlerts) -> None:
    eventually(lambda: ("NoLogs", "collector") in alerts.webhook.told("firing"))
    seen = [alerts.firing()]

    with Writer(alerts.address):
        eventually(lambda: alerts.webhook.told("firing") >= TOLD)
        eventually(lambda: ("NoLogs", "collector") in alerts.webhook.told("resolved"))
        time.sleep(PATIENCE_OF_A_WINDOW)
        seen.append(alerts.firing())
    eventually(lambda: alerts.webhook.told("resolved") >= TOLD)
    eventually(lambda: "NoLogs" in alerts.firing())
    seen.append(alerts.firing())

    told = {one for one in alerts.webhook.told("firing") if "Mutant" not in one[0]}
    assert told == TOLD | {("NoLogs", "collector")}
    survivors = [fault for name, fault in alerts.mutants.items() if _same(name, seen)]
    print(f"\n{len(alerts.mutants) - len(survivors)} of {len(alerts.mutants)} mutations caught")
    assert survivors == []


PATIENCE_OF_A_WINDOW = 14.0
"""Until the longest window holds nothing from before the lines, and nothing waits any more."""


def _same(mutant: str, seen: list[dict[str, set[str]]]) -> bool:
    original = mutant.split("Mutant")[0]
    return all(moment.get(mutant) == moment.get(original) for moment in seen)


def test_a_broken_rule_file_leaves_the_old_rules_and_is_told(alerts: LogAlerts) -> None:
    path = alerts.rules / "broken.yml"
    broken = {"groups": [{"name": "broken", "rules": [{"alert": "Broken", "expr": "rate({"}]}]}
    path.write_text(yaml.safe_dump(broken), encoding="utf-8")
    try:
        eventually(lambda: "broken.yml: could not parse expression" in alerts.log.read_text(encoding="utf-8"))
        groups = ask(f"{alerts.address}/prometheus/api/v1/rules")["data"]["groups"]
        assert "stack-logs" in {group["name"] for group in groups}
    finally:
        path.unlink()
