"""Every runtime answers `/health` and `/metrics` with the plan's metrics, or 404 where metrics are off."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from runtime_process import RuntimeProcess

from day23.domain.observability_policy import POLICY

RUNTIMES = ("llm_api", "mcp_server", "butler_sidecar")
SERVICE = {"llm_api": "llm_api", "mcp_server": "mcp", "butler_sidecar": "butler"}


def start(name: str, folder: Path, database: Any, **environment: str) -> RuntimeProcess:
    secret = folder / "secret"
    secret.write_text("0123456789abcdef")
    arguments = {
        "llm_api": [],
        "mcp_server": [f"--secret={secret}", f"--token={secret}"],
        "butler_sidecar": [f"--secret={secret}", "--every=0.2"],
    }[name]
    address = {"MONGODB_URL": database.url, "DB_NAME": database.name}
    return RuntimeProcess(name, arguments, address | environment)


@pytest.fixture(params=RUNTIMES)
def runtime(request: pytest.FixtureRequest, tmp_path: Path, database: Any) -> Iterator[RuntimeProcess]:
    with start(request.param, tmp_path, database) as running:
        running.name = request.param  # type: ignore[attr-defined]
        yield running


def fetch(url: str, body: bytes | None = None) -> tuple[int, str]:
    try:
        with urlopen(Request(url, data=body), timeout=10) as answer:  # noqa: S310 - loopback, made above
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def samples(url: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(fetch(f"{url}/metrics")[1])
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def wait_for(url: str, name: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = samples(url)
        if any(key[0] == name for key in found):
            return found
        time.sleep(0.1)
    pytest.fail(f"{name} did not appear")


def test_requests_are_counted_and_the_runtime_tells_its_health(runtime: RuntimeProcess) -> None:
    assert fetch(f"{runtime.url}/health")[0] == 200
    found = wait_for(runtime.url, "runtime_healthy")
    service = SERVICE[runtime.name]  # type: ignore[attr-defined]
    assert found["runtime_healthy", (("service", service),)] == 1
    labels = (("method", "GET"), ("route", "/health"), ("status", "200"))
    assert found["http_requests_total", labels] == 1


def test_every_exposed_metric_is_in_the_catalogue(runtime: RuntimeProcess) -> None:
    fetch(f"{runtime.url}/health")
    text = fetch(f"{runtime.url}/metrics")[1]
    names = {family.name for family in text_string_to_metric_families(text)}
    known = {metric.name.removesuffix("_total") for metric in POLICY.metrics}
    assert {name for name in names if not name.startswith("process_")} - known == set()


@pytest.mark.parametrize("name", RUNTIMES)
def test_metrics_are_not_found_where_they_are_switched_off(name: str, tmp_path: Path, database: Any) -> None:
    with start(name, tmp_path, database, DAY23_METRICS_ENABLED="false") as running:
        assert fetch(f"{running.url}/metrics")[0] == 404
        assert fetch(f"{running.url}/health")[0] == 200


def test_the_sidecar_shows_what_mongodb_stores(tmp_path: Path, database: Any) -> None:
    day = datetime(2025, 11, 14, 12, tzinfo=UTC)
    scores = {"coverage": 0.9, "accuracy": 0.8, "coherence": 0.7, "informativeness": 0.6}
    digest = {"channel": "@habr", "created_at": day, "quality": {"llm_judge": {"scores": scores}}}
    database.collection("digests").insert_one(digest)
    database.collection("review_reports").insert_one({"assignment_id": "@habr", "created_at": day})
    window = {"start": datetime(2025, 11, 13, tzinfo=UTC), "end": datetime(2025, 11, 16, tzinfo=UTC)}
    recorded = {"_id": "latest", **window, "channels": ["habr"], "seeded_at": day}
    database.collection("dataset_windows").insert_one(recorded)
    with start("butler_sidecar", tmp_path, database) as running:
        found = wait_for(running.url, "benchmark_days_missing")
    assert found["benchmark_days_missing", (("channel", "habr"),)] == 2
    assert found["butler_documents", (("channel", "habr"), ("collection", "digests"))] == 1
    assert found["butler_quality_score", (("channel", "habr"), ("metric", "coverage"))] == 0.9
    assert found["mongodb_up", ()] == 1


def test_a_notification_becomes_a_metric_and_an_audit_line(tmp_path: Path, database: Any) -> None:
    body = b'{"version":"4","status":"firing","groupLabels":{"alertname":"MCPServerDown"},"alerts":[]}'
    with start("butler_sidecar", tmp_path, database) as running:
        assert fetch(f"{running.url}/hooks/critical", body)[0] == 200
        assert fetch(f"{running.url}/hooks/nobody", body)[0] == 404
        assert fetch(f"{running.url}/hooks/critical", b"{")[0] == 400
        found = samples(running.url)
        running.stop()
        audit = running.audit()
    labels = (("alertname", "MCPServerDown"), ("receiver", "critical"), ("status", "firing"))
    assert found["butler_notifications_total", labels] == 1
    assert [(line["resource"], line["outcome"]) for line in audit] == [("MCPServerDown", "firing")]
