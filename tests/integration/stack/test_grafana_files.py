"""Grafana out of files: on a stand-in that reads the very files, because no package registry has Grafana."""

import base64
import json
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import grafana_stand_in as stand_in
import psutil
import pytest
from live_stack import LiveStack

from day23.infrastructure.secret_store import SecretStore

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

REPOSITORY = Path(__file__).resolve().parents[3]
DASHBOARDS = sorted((REPOSITORY / "grafana" / "dashboards").glob("*.json"))
ROTATED = "another-password-of-mine"


class RunningGrafana:
    """The stack of one service, its address and its administrator."""

    def __init__(self, stack: LiveStack, home: Path) -> None:
        self.stack = stack
        self.home = str(home)

    def up(self, *options: str) -> int:
        played = self.stack.play("up", "--tags", "grafana", *options, grafana_home=self.home)
        assert played.exit_code == 0, played.output[-4000:]
        return played.changed

    def get(self, path: str, password: str | None = None) -> tuple[int, Any]:
        secret = password or SecretStore(self.stack.paths).read("grafana_password")
        credentials = base64.b64encode(f"admin:{secret}".encode()).decode()
        connection = HTTPConnection("127.0.0.1", self.stack.ports["grafana"], timeout=10)
        connection.request("GET", path, headers={"Authorization": f"Basic {credentials}"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def process(self) -> psutil.Process:
        return self.stack.processes()["grafana"]

    def settings(self) -> dict[str, dict[str, str]]:
        return stand_in.read_settings(self.stack.paths.etc / "grafana" / "grafana.ini")


@pytest.fixture(scope="module")
def grafana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGrafana]:
    home = tmp_path_factory.mktemp("grafana") / "home"
    program = home / "bin" / "grafana"
    program.parent.mkdir(parents=True)
    source = Path(stand_in.__file__).read_text(encoding="utf-8")
    program.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    program.chmod(0o755)
    running = RunningGrafana(LiveStack(tmp_path_factory.mktemp("stack")), home)
    try:
        running.up()
        yield running
    finally:
        running.stack.play("down", stack_purge=True)


def test_every_dashboard_is_there_under_its_uid_and_as_committed(grafana: RunningGrafana) -> None:
    assert DASHBOARDS
    for file in DASHBOARDS:
        committed = json.loads(file.read_bytes())
        assert grafana.get(f"/api/dashboards/uid/{committed['uid']}") == (200, {"dashboard": committed})


def test_both_data_sources_have_fixed_uids_and_the_stacks_addresses(grafana: RunningGrafana) -> None:
    for name in ("prometheus", "loki"):
        status, source = grafana.get(f"/api/datasources/uid/{name}")
        assert (status, source["url"]) == (200, f"http://127.0.0.1:{grafana.stack.ports[name]}")


def test_dashboards_choose_data_sources_that_are_provisioned(grafana: RunningGrafana) -> None:
    variables = [each for file in DASHBOARDS for each in json.loads(file.read_bytes())["templating"]["list"]]
    chosen = {each["current"]["value"] for each in variables if each["type"] == "datasource"}

    assert chosen == {"prometheus", "loki"}
    assert all(grafana.get(f"/api/datasources/uid/{uid}")[0] == 200 for uid in chosen)


def test_it_calls_nobody_and_nobody_gets_in_without_the_password(grafana: RunningGrafana) -> None:
    settings = grafana.settings()

    assert settings["analytics"] == dict.fromkeys(stand_in.KNOWN_SETTINGS["analytics"], "false")
    assert settings["news"] == {"news_feed_enabled": "false"}
    assert settings["plugins"] == {"preinstall_disabled": "true"}
    assert settings["snapshots"] == {"external_enabled": "false"}
    assert settings["auth.anonymous"] == {"enabled": "false"}
    assert settings["server"]["http_addr"] == "127.0.0.1"
    assert grafana.get("/api/user", "admin")[0] == 401


def test_its_secrets_are_files(grafana: RunningGrafana) -> None:
    security = grafana.settings()["security"]
    store = SecretStore(grafana.stack.paths)

    for setting, secret in (("admin_password", "grafana_password"), ("secret_key", "grafana_secret_key")):
        assert security[setting] == f"$__file{{{grafana.stack.paths.secret(secret)}}}"
        assert len(store.read(secret)) == 48
        assert store.read(secret) not in " ".join(grafana.process().cmdline())


def test_a_second_up_changes_nothing(grafana: RunningGrafana) -> None:
    assert grafana.up() == 0


def test_a_rotated_password_reaches_the_running_grafana(grafana: RunningGrafana) -> None:
    before, former = grafana.process(), SecretStore(grafana.stack.paths).read("grafana_password")
    grafana.stack.paths.secret("grafana_password").write_text(ROTATED + "\n", encoding="utf-8")

    assert grafana.up("--check") > 0
    assert grafana.get("/api/user", former)[0] == 200
    grafana.up()

    assert grafana.get("/api/user", ROTATED)[0] == 200
    assert grafana.get("/api/user", former)[0] == 401
    assert grafana.process() == before
    assert f"GRAFANA_PASSWORD={ROTATED}" in (grafana.stack.folder / "env.infra").read_text()
