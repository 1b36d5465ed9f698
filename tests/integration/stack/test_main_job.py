"""The main job on a whole stack: what a stranger who types `make day-23` is promised."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from live_stack import LiveStack, Played
from pymongo import MongoClient

from day23.infrastructure.secret_store import SecretStore

pytestmark = [
    pytest.mark.slow,
    pytest.mark.stack,
    pytest.mark.timeout(900),
]

SERVICES = [
    "alertmanager",
    "butler_sidecar",
    "collector",
    "llm_api",
    "loki",
    "mcp_server",
    "mongodb",
    "node_exporter",
    "prometheus",
]
JOBS = ["alertmanager", "butler-bot", "collector", "llm-api", "loki", "mcp", "node", "prometheus"]
READY_WITHIN = 60


class MainJob:
    """One run of the whole playbook and the stack that it left behind."""

    def __init__(self, stack: LiveStack, prediction: Played, left_behind: list[Path], run: Played) -> None:
        self.stack = stack
        self.prediction = prediction
        self.left_by_prediction = left_behind
        self.run = run

    @property
    def evidence(self) -> Path:
        return next(self.stack.evidence.iterdir())

    @property
    def report(self) -> dict[str, Any]:
        return dict(json.loads((self.evidence / "run.json").read_text(encoding="utf-8")))

    def database(self) -> MongoClient[dict[str, Any]]:
        return MongoClient(
            "127.0.0.1",
            self.stack.ports["mongodb"],
            username="admin",
            password=SecretStore(self.stack.paths).read("mongodb_admin"),
            directConnection=True,
        )

    def documents(self) -> int:
        with self.database() as client:
            return client.butler.digests.count_documents({}) + client.butler.review_reports.count_documents(
                {}
            )


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainJob]:
    stack = LiveStack(tmp_path_factory.mktemp("main-job"))
    prediction = stack.play("up", "--check", "--diff")
    left_behind = list(stack.folder.rglob("*"))
    try:
        yield MainJob(stack, prediction, left_behind, stack.play("day23", "-vvv"))
    finally:
        stack.play("down", stack_purge=True)


def test_check_mode_on_a_virgin_root_predicts_and_writes_nothing(job: MainJob) -> None:
    assert job.prediction.exit_code == 0, job.prediction.output
    assert job.prediction.changed > 0
    assert "scrape_interval" in job.prediction.output
    assert job.left_by_prediction == []


def test_where_no_grafana_can_be_had_one_line_says_what_to_do(job: MainJob) -> None:
    record = json.loads((job.stack.paths.records / "grafana.json").read_text(encoding="utf-8"))

    assert record["state"] == "skipped"
    assert "set grafana_home to an installed one" in record["reason"]
    assert "\n" not in record["reason"]


def test_everything_ran_and_left_its_page(job: MainJob) -> None:
    assert job.run.exit_code == 0, job.run.output[-4000:]
    page = (job.evidence / "index.html").read_text(encoding="utf-8")
    assert job.report["trace_id"] in page


def test_a_second_up_changes_nothing(job: MainJob) -> None:
    again = job.stack.play("up")

    assert (again.exit_code, again.changed) == (0, 0), again.output[-4000:]


def test_prometheus_scrapes_every_service_that_has_metrics(job: MainJob) -> None:
    _eventually(
        lambda: (
            {row["metric"]["job"]: row["value"][1] for row in job.stack.promql("up")}
            == dict.fromkeys(JOBS, "1")
        )
    )


def test_every_panel_of_every_dashboard_shows_something(job: MainJob) -> None:
    worked = job.stack.day23("dashboards", "exercise")
    assert worked.returncode == 0, worked.stdout + worked.stderr

    verified = job.stack.day23("dashboards", "verify", "--json")

    panels = json.loads(verified.stdout)
    faults = [panel for panel in panels if panel["fault"]]
    assert (verified.returncode, faults) == (0, [])
    assert len(panels) > 60


def test_metrics_logs_and_spans_of_the_run_are_found_by_one_trace(job: MainJob) -> None:
    trace_id = job.report["trace_id"]

    _eventually(lambda: len(job.stack.promql("benchmark_digest_records_total >= 30")) == 5)
    _eventually(lambda: len(job.stack.promql("shared_infra_bootstrap_status == 1")) == len(SERVICES))
    _eventually(lambda: _lines(job.stack, f'{{service="export"}} | trace_id="{trace_id}"') != [])
    with job.database() as client:
        assert client.butler.spans.count_documents({"trace_id": trace_id, "service": "export"}) > 0


@pytest.mark.parametrize("name", SERVICES)
def test_a_line_of_every_service_is_found_by_logql(job: MainJob, name: str) -> None:
    line = json.dumps({"level": "info", "msg": f"canary of {name}"})
    with job.stack.paths.log(name, "stdout").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")

    _eventually(lambda: _lines(job.stack, f'{{service="{name}", level="info"}} | event="canary of {name}"'))


def test_lines_of_mongod_have_the_shape_of_all_others(job: MainJob) -> None:
    _eventually(lambda: _lines(job.stack, '{service="mongodb", level="info"} | event="client metadata"'))


async def test_an_assistant_starts_a_benchmark_and_reads_its_verdict(job: MainJob) -> None:
    asked = {"scenario": "channel_digest_ru", "mode": "live", "limit": 10}
    async with job.stack.assistant() as assistant:
        run = (await assistant.call_tool("start_benchmark", asked)).structured_content
        ends = time.monotonic() + READY_WITHIN
        while run["state"] == "running" and time.monotonic() < ends:
            await asyncio.sleep(0.5)
            run = (await assistant.call_tool("read_benchmark", {"run_id": run["run_id"]})).structured_content
        unknown = await assistant.call_tool("read_benchmark", {"run_id": "0" * 32})

    assert (run["state"], run["error"]) == ("done", None)
    assert run["verdict"] in {"pass", "warn", "fail", "undecided"}
    assert {metric["name"] for metric in run["result"]["metrics"]} >= {"coverage", "latency_seconds"}
    assert unknown.is_error


def test_a_missing_day_is_named(job: MainJob) -> None:
    with job.database() as client:
        lost = client.butler.digests.find_one_and_delete({"channel": "@xor_journal"})
    assert lost is not None
    day = lost["created_at"].date().isoformat()

    verdict = job.stack.script(
        "scripts/quality/analysis/verify_benchmark_counts.py",
        "--output",
        str(job.stack.folder / "audit.json"),
    )

    assert verdict.returncode == 1
    assert "@xor_journal" in verdict.stdout + verdict.stderr
    assert day in verdict.stdout + verdict.stderr
    assert job.stack.play("seed").exit_code == 0
    assert job.documents() == 300


def test_the_bare_export_gate_gives_the_recorded_window_twice_the_same(job: MainJob) -> None:
    outputs = [job.stack.folder / name / "digests.jsonl" for name in ("one", "two")]
    for output in outputs:
        run = job.stack.script("scripts/quality/analysis/export_digests.py", "--output", str(output))
        assert run.returncode == 0, run.stderr

    first, second = (output.read_bytes() for output in outputs)
    assert first == second
    assert len(first.splitlines()) >= 50


@pytest.mark.parametrize("name", SERVICES)
def test_a_killed_service_comes_back_by_itself(job: MainJob, name: str) -> None:
    victim = _eventually(lambda: job.stack.processes().get(name))
    victim.kill()

    _eventually(lambda: name in job.stack.processes() and job.stack.processes()[name].pid != victim.pid)
    _eventually(lambda: job.stack.script("scripts/ci/bootstrap_shared_infra.py", "--check").returncode == 0)


def test_after_the_whole_tree_was_killed_up_brings_everything_back_with_its_data(job: MainJob) -> None:
    before = job.documents()
    services = [_eventually(lambda: job.stack.processes().get(name)) for name in SERVICES]  # noqa: B023
    supervisor = services[0].parent()
    assert supervisor is not None
    for process in [supervisor, *services]:
        process.kill()
    psutil.wait_procs(services, timeout=30)

    again = job.stack.play("up")

    assert again.exit_code == 0, again.output[-4000:]
    assert job.documents() == before
    check = job.stack.script("scripts/ci/bootstrap_shared_infra.py", "--check", "--json")
    assert check.returncode == 0, check.stdout


def test_no_secret_is_anywhere_but_in_its_file(job: MainJob) -> None:
    secrets = [path.read_text(encoding="utf-8").strip() for path in job.stack.paths.secrets.iterdir()]
    assert any(secret in (job.stack.folder / "env.infra").read_text(encoding="utf-8") for secret in secrets)

    leaks = [where for where, text in _places(job) for secret in secrets if secret in text]

    assert leaks == []


def _places(job: MainJob) -> Iterator[tuple[str, str]]:
    yield "playbook output at -vvv", job.run.output
    for process in psutil.process_iter():
        try:
            yield f"argv of {process.pid}", " ".join(process.cmdline())
            yield f"environment of {process.pid}", str(process.environ())
        except psutil.Error:
            continue
    allowed = {job.stack.paths.secrets, job.stack.paths.data, job.stack.folder / "env.infra"}
    for path in job.stack.folder.rglob("*"):
        if path.is_file() and not allowed & {path, *path.parents}:
            yield str(path), path.read_text(encoding="utf-8", errors="replace")


def _lines(stack: LiveStack, query: str) -> list[Any]:
    found = stack.ask("loki", "/loki/api/v1/query_range", query=query, since="1h")
    return list(found["data"]["result"])


def _eventually(found: Callable[[], Any]) -> Any:
    """Return what `found` returns as soon as it is something."""
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            if value := found():
                return value
        except (OSError, KeyError, psutil.Error):
            pass
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.5)
