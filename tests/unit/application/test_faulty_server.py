"""A run against a server that cuts, delays, lies and refuses: everything counted, nothing hidden, no hang."""

import time
from datetime import UTC, datetime

import pytest
from faulty_model import FAULTS, FaultyModel

from day23.application.benchmark_samples import BenchmarkSamples
from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.live_server import LiveServer
from day23.application.null_telemetry import NullTelemetry
from day23.application.run_benchmark import BenchmarkRequest, RunBenchmarkUseCase
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.load_schedule import Load
from day23.domain.verdict import Outcome
from day23.infrastructure.benchmark.result_files import ResultFiles
from day23.infrastructure.benchmark.scenario_file import load_scenario
from day23.infrastructure.llm import chat_client
from day23.infrastructure.llm.chat_client import OpenAIChatModel

PATIENCE_SECONDS = 2.0


@pytest.fixture
def channels():
    return ("onaboka", "ctorecords", "alexgladkovblog", "xor_journal", "tired_glebmikheev")


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(chat_client, "LONGEST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def run(repository, export_files, progress, tmp_path, request):
    ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress).execute(
        ExportRequest(ExportTarget.dated(tmp_path, "2025-11-16"))
    )
    scenario = load_scenario(request.config.rootpath / "config" / "scenarios", "channel_digest_ru")

    async def ran(url, allowed, load=None):
        async with OpenAIChatModel(url, "m", timeout_seconds=PATIENCE_SECONDS, max_concurrency=16) as client:
            use_case = RunBenchmarkUseCase(
                BenchmarkSamples(VerifyExportersUseCase(export_files, NullTelemetry()), export_files),
                ResultFiles(tmp_path),
                NullTelemetry(),
                progress,
                server=LiveServer(client),
                clock=lambda: datetime(2025, 11, 16, tzinfo=UTC),
                tool_version="0",
            )
            tolerant = scenario.model_copy(update={"failed_samples_allowed": allowed})
            load = load or Load(max_concurrency=16)
            return (await use_case.execute(BenchmarkRequest(tolerant, "live", tmp_path, load=load))).result

    return ran


@pytest.mark.parametrize("load", [Load(max_concurrency=16), Load(rate=400, max_concurrency=256)])
async def test_every_injected_fault_is_told_by_its_kind(run, load):
    async with FaultyModel(one_in=2) as model:
        result = await run(model.url, 0.9, load)
    assert len(model.injected) == len({kind for _, kind in FAULTS.values()})
    assert result.metadata.errors == dict(sorted(model.injected.items()))
    assert result.metadata.asked_count == 150
    answered = [sample for sample in result.samples if sample.verdict]
    assert len(answered) == 150 - sum(model.injected.values())
    assert all(len(sample.metrics) == 5 for sample in answered)


async def test_a_fault_changes_no_score_of_the_others(run):
    async with FaultyModel(one_in=10**12) as model:
        sound = {sample.sample_id: sample.metrics[:4] for sample in (await run(model.url, 0.9)).samples}
    async with FaultyModel(one_in=2) as model:
        found = (await run(model.url, 0.9)).samples
    assert all(sample.metrics[:4] == sound[sample.sample_id] for sample in found if sample.verdict)


async def test_too_many_faults_are_void_and_never_a_verdict(run):
    async with FaultyModel(one_in=2) as model:
        result = await run(model.url, 0.02)
    assert result.overall is Outcome.VOID
    assert "samples failed, 3 may" in result.metadata.void_reasons[0]


async def test_nothing_hangs_longer_than_the_timeout_allows(run):
    async with FaultyModel(one_in=1) as model:
        started = time.perf_counter()
        result = await run(model.url, 0.99)
    hanging = model.injected["timeout"]
    assert time.perf_counter() - started < 10 + hanging * PATIENCE_SECONDS
    assert result.overall is Outcome.VOID
    assert result.metrics == ()
