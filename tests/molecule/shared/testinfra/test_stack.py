"""What a scenario promises at its end beyond what `tests/infra` asks of every stack; run by molecule."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen
from uuid import uuid4

import psutil
import pytest

from day23.domain.service_record import ServiceRecord
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.stack_records import StackRecords

testinfra_hosts = ["local://"]

SERVICES = os.environ["SCENARIO_SERVICES"].split()
CHANGED_SERVICE = os.environ.get("SCENARIO_CHANGED_SERVICE", "")
Eventually = Callable[[Callable[[], object]], bool]
needs_services = pytest.mark.skipif(not SERVICES, reason="the scenario starts no service")


@pytest.fixture(params=SERVICES)
def record(request: pytest.FixtureRequest, records: StackRecords) -> ServiceRecord:
    found = records.load(str(request.param))
    assert found is not None
    return found


def test_exactly_the_wanted_services_run(records: StackRecords) -> None:
    assert [record.name for record in records.load_all()] == SERVICES


def test_listens_on_loopback_only(record: ServiceRecord) -> None:
    ports = {int(address.rpartition(":")[2]) for address in record.endpoints.values()}
    listening = [each.laddr for each in psutil.net_connections("inet") if each.status == psutil.CONN_LISTEN]

    assert {address.port for address in listening} >= ports
    assert {address.ip for address in listening if address.port in ports} == {"127.0.0.1"}


def test_keeps_its_configuration_from_others(host: Any, paths: StackPaths, record: ServiceRecord) -> None:
    assert host.file(str(paths.etc / record.name)).mode & 0o077 == 0


@needs_services
def test_a_log_line_reaches_loki(paths: StackPaths, records: StackRecords, eventually: Eventually) -> None:
    marker = uuid4().hex
    now = datetime.now(UTC).isoformat()
    line = {"level": "info", "service": "molecule", "event": marker, "timestamp": now}
    written = paths.logs / "molecule.app.jsonl"
    written.write_text(json.dumps(line) + "\n", encoding="utf-8")
    written.chmod(0o644)

    def found() -> list[Any]:
        query = f'{{service=~".+"}} |= "{marker}"'
        answer = ask(records, "loki", "/loki/api/v1/query_range", query=query, since="1h")
        return list(answer["data"]["result"])

    assert eventually(found)


@pytest.mark.skipif(not CHANGED_SERVICE, reason="the scenario changes nothing")
def test_only_the_changed_service_was_restarted() -> None:
    before, after = observed("before"), observed("after")

    assert sorted(before) == SERVICES
    assert [name for name in SERVICES if before[name] != after[name]] == [CHANGED_SERVICE]


def ask(records: StackRecords, service: str, path: str, **query: str) -> Any:
    record = records.load(service)
    assert record is not None
    with urlopen(f"http://{record.endpoints['http']}{path}?{urlencode(query)}", timeout=10) as answer:
        return json.load(answer)


def observed(moment: str) -> dict[str, int]:
    folder = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
    return dict(json.loads((folder / f"{moment}.json").read_text(encoding="utf-8")))
