"""Alertmanager's configuration, rendered as the role does, judged by amtool and by a real Alertmanager."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from alert_servers import ask, eventually, post, program
from role_artifacts import filled, program_of, role_template

from day23.domain.artifact import ResolvedArtifact
from day23.domain.runtime_metrics import WEBHOOK_RECEIVERS
from free_ports import free_port

RECEIVERS = [
    {"kind": "telegram", "severities": ["critical"], "chat_id": -100123, "secret": "telegram_bot_token"},
    {"kind": "slack", "severities": ["critical", "warning"], "channel": "#ops", "secret": "slack_url"},
    {"kind": "webhook", "severities": ["watchdog"], "secret": "dead_mans_switch_url"},
]
DOWN = {"alertname": "MCPServerDown", "severity": "critical", "service": "mcp"}
SLOW = {"alertname": "MCPServerHighLatency", "severity": "warning", "service": "mcp"}


def rendered(receivers: list[dict[str, Any]], secrets: Path) -> str:
    endpoints = {"butler_sidecar": "127.0.0.1:9091"}
    text = role_template(
        "alertmanager",
        "prometheus/alertmanager.yml.j2",
        alertmanager_receivers=receivers,
        alertmanager_group_wait="0s",
        stack_endpoints=endpoints,
    )
    return filled(text, secrets=secrets)


@pytest.fixture(scope="module")
def alertmanager() -> ResolvedArtifact:
    return program_of("alertmanager")


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alertmanager")
    for receiver in RECEIVERS:
        (folder / str(receiver["secret"])).write_text("http://127.0.0.1:9/secret", encoding="utf-8")
    path = folder / "alertmanager.yml"
    path.write_text(rendered(RECEIVERS, folder), encoding="utf-8")
    return path


def amtool(alertmanager: ResolvedArtifact, *words: str) -> subprocess.CompletedProcess[str]:
    program = str(alertmanager.binaries["amtool"])
    environment = {**os.environ, **alertmanager.environment}
    return subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)


def test_amtool_accepts_it_with_and_without_receivers(
    alertmanager: ResolvedArtifact, configuration: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.yml"
    bare.write_text(rendered([], tmp_path), encoding="utf-8")

    for path in (configuration, bare):
        judged = amtool(alertmanager, "check-config", str(path))
        assert judged.returncode == 0, judged.stderr


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=Watchdog", "severity=info"], "watchdog"),
        (["alertname=MCPServerDown", "severity=critical", "service=mcp"], "critical"),
        (["alertname=DiskSpaceLow", "severity=warning"], "warning"),
        (["alertname=TextfileStale", "severity=info"], "info"),
        (["alertname=SomebodyElses", "severity=page"], "default"),
        (["alertname=SomebodyElses"], "default"),
    ],
)
def test_an_alert_reaches_the_receiver_of_its_severity(
    alertmanager: ResolvedArtifact, configuration: Path, labels: list[str], receiver: str
) -> None:
    words = ["config", "routes", "test", f"--config.file={configuration}", f"--verify.receivers={receiver}"]

    judged = amtool(alertmanager, *words, *labels)

    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_every_receiver_tells_the_sidecar_and_whom_the_data_name(configuration: Path) -> None:
    receivers = {one["name"]: one for one in yaml.safe_load(configuration.read_text())["receivers"]}

    assert set(receivers) == set(WEBHOOK_RECEIVERS)
    for name, receiver in receivers.items():
        assert receiver["webhook_configs"][0]["url"].endswith(f"/hooks/{name}")
    assert [name for name, one in receivers.items() if "telegram_configs" in one] == ["critical"]
    assert [name for name, one in receivers.items() if "slack_configs" in one] == ["critical", "warning"]
    assert [name for name, one in receivers.items() if len(one["webhook_configs"]) == 2] == ["watchdog"]
    assert not receivers["watchdog"]["webhook_configs"][1]["send_resolved"]


@pytest.fixture
def address(alertmanager: ResolvedArtifact, configuration: Path, tmp_path: Path) -> Iterator[str]:
    """A running Alertmanager."""
    port = free_port()
    options = (f"--config.file={configuration}", f"--storage.path={tmp_path}", "--cluster.listen-address=")
    with program(alertmanager, "alertmanager", *options, f"--web.listen-address=127.0.0.1:{port}"):
        eventually(lambda: ask(f"http://127.0.0.1:{port}/api/v2/alerts") == [])
        yield f"http://127.0.0.1:{port}/api/v2/alerts"


def states(address: str) -> dict[str, str]:
    return {one["labels"]["alertname"]: one["status"]["state"] for one in ask(address)}


@pytest.mark.parametrize(
    ("cause", "consequence", "state"),
    [
        (DOWN, SLOW, "suppressed"),
        (DOWN, {**SLOW, "service": "loki"}, "active"),
        ({**SLOW, "severity": "critical"}, {**SLOW, "severity": "info", "alertname": "Other"}, "active"),
        (
            {"alertname": "ButlerMongoDBConnectionFailed", "severity": "critical", "service": "mongodb"},
            {"alertname": "RuntimeUnhealthy", "severity": "critical", "service": "butler-bot"},
            "suppressed",
        ),
        (
            {"alertname": "DiskSpaceCritical", "severity": "critical", "device": "d", "mountpoint": "/"},
            {"alertname": "DiskSpaceLow", "severity": "warning", "device": "d", "mountpoint": "/"},
            "suppressed",
        ),
        (
            {"alertname": "DiskSpaceCritical", "severity": "critical", "device": "d", "mountpoint": "/"},
            {"alertname": "DiskSpaceLow", "severity": "warning", "device": "e", "mountpoint": "/data"},
            "active",
        ),
        (
            {"alertname": "ErrorBudgetBurnFast", "severity": "critical", "slo": "mcp"},
            {"alertname": "ErrorBudgetBurnSlow", "severity": "warning", "slo": "mcp"},
            "suppressed",
        ),
    ],
)
def test_a_consequence_is_silent_while_its_cause_fires(
    address: str, cause: dict[str, str], consequence: dict[str, str], state: str
) -> None:
    post(address, [{"labels": cause}, {"labels": consequence}])

    eventually(lambda: states(address).get(consequence["alertname"]) == state)
    assert states(address)[cause["alertname"]] == "active"
