import asyncio
import json
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from day23.application.benchmark_plan import plan_benchmark
from day23.application.benchmark_samples import BenchmarkSamples
from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportPart, ExportTarget
from day23.application.live_server import LiveServer
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import ChatReply, Collection
from day23.application.run_benchmark import BenchmarkRequest, RunBenchmarkUseCase
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.chat_error import ChatError, ChatErrorKind
from day23.domain.digest_prompt import PROMPT_VERSION, TEMPLATE_SHA256
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import ExportedQuery
from day23.domain.load_schedule import Load
from day23.domain.verdict import Outcome
from day23.infrastructure.benchmark.result_files import ResultFiles
from day23.infrastructure.benchmark.scenario_file import load_scenario

RUN_DURATION = "benchmark_run_duration_seconds"
STARTED = datetime(2025, 11, 16, 10, 15, tzinfo=UTC)
ANSWER = "## Главное за день\n\n- Рубль укрепился до 104 за доллар.\n- Открыли музей кино.\n- Завтра снег."


class FakeModel:
    """Answers at once; every `fails_every`-th request fails."""

    def __init__(self, fails_every=0, kind=ChatErrorKind.TIMEOUT, text=ANSWER):
        self.requests = []
        self.most_in_flight = 0
        self._in_flight = 0
        self._fails_every = fails_every
        self._kind = kind
        self._text = text

    async def complete(self, request, *, stream=False):
        assert stream
        self.requests.append(request)
        number = len(self.requests)
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        await asyncio.sleep(0)
        self._in_flight -= 1
        if self._fails_every and number % self._fails_every == 0:
            raise ChatError("no answer within 1 s", kind=self._kind, where="http://llm", attempts=3)
        return ChatReply(
            text=self._text,
            model="fake-model",
            latency_seconds=number / 100,
            first_token_seconds=number / 1000,
            prompt_tokens=10,
            completion_tokens=5,
            attempts=1,
        )


@pytest.fixture
def channels():
    """Enough samples for an interval of the 95th percentile, which takes 72."""
    return ("onaboka", "ctorecords", "alexgladkovblog", "xor_journal", "tired_glebmikheev")


@pytest.fixture
def telemetry():
    return NullTelemetry(trace_id="b" * 32)


@pytest.fixture
def scenario(request):
    return load_scenario(request.config.rootpath / "config" / "scenarios", "channel_digest_ru")


@pytest.fixture
def samples(export_files):
    return BenchmarkSamples(VerifyExportersUseCase(export_files, NullTelemetry()), export_files)


@pytest.fixture
def export(repository, export_files, progress, tmp_path):
    def exported():
        use_case = ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)
        use_case.execute(ExportRequest(ExportTarget.dated(tmp_path, "2025-11-16")))

    return exported


@pytest.fixture
def run(samples, telemetry, progress, scenario, tmp_path):
    def ran(model=None, max_concurrency=4, live=MappingProxyType({}), **changes):
        use_case = RunBenchmarkUseCase(
            samples,
            ResultFiles(tmp_path),
            telemetry,
            progress,
            server=LiveServer(model, **live) if model else None,
            clock=lambda: STARTED,
            tool_version="0.0.test",
        )
        request = {
            "scenario": scenario,
            "mode": "live" if model else "dry",
            "dataset_dir": tmp_path,
            "load": Load(max_concurrency=max_concurrency),
        }
        return asyncio.run(use_case.execute(BenchmarkRequest(**request | changes)))

    return ran


def metric(result, name):
    return next(metric for metric in result.metrics if metric.name == name)


def store_scores(repository, **scores):
    for document in repository.documents[Collection.DIGESTS]:
        document["quality"]["llm_judge"]["scores"] |= scores


def test_a_dry_run_judges_the_stored_values(run, export):
    export()
    result = run().result
    assert result.overall is Outcome.PASS
    assert metric(result, "coverage").value == pytest.approx(0.9)
    assert result.latency is not None
    assert result.latency.p95 == 0.25
    assert result.ttft is None
    assert len(result.samples) == 150
    assert result.metadata.model_name == "extractive-lexrank-ru-v1"
    assert result.metadata.judge_model == "deterministic-ru-v1"
    assert result.metadata.provenance == {"telegram": 150}


def test_quality_is_judged_on_the_mean_not_on_the_worst_sample(run, repository, export):
    repository.documents[Collection.DIGESTS][0]["quality"]["llm_judge"]["scores"]["coverage"] = 0.1
    export()
    result = run().result
    assert metric(result, "coverage").value == pytest.approx((149 * 0.9 + 0.1) / 150)
    assert metric(result, "coverage").outcome is Outcome.PASS
    assert min(sample.verdict for sample in result.samples if sample.verdict) == Outcome.FAIL


def test_latency_is_judged_on_its_95th_percentile_and_the_mean_is_shown(run, repository, export):
    for number, document in enumerate(repository.documents[Collection.DIGESTS], start=1):
        document["latency_seconds"] = number * 1.6
    export()
    latency = metric(run().result, "latency_seconds")
    assert (latency.value, latency.mean, latency.aggregate) == (
        pytest.approx(228.8),
        pytest.approx(120.8),
        "p95",
    )
    assert latency.outcome is Outcome.WARN


@pytest.mark.parametrize(
    ("coverage", "overall"), [(0.88, Outcome.PASS), (0.8, Outcome.WARN), (0.79, Outcome.FAIL)]
)
def test_the_worst_metric_decides(run, repository, export, coverage, overall):
    store_scores(repository, coverage=coverage)
    export()
    assert run().result.overall is overall


def test_a_percentile_that_so_few_samples_do_not_bound_is_undecided(run, export):
    export()
    result = run(limit=40).result
    assert metric(result, "latency_seconds").outcome is Outcome.UNDECIDED
    assert metric(result, "latency_seconds").samples_to_decide == 72
    assert result.overall is Outcome.UNDECIDED
    assert result.latency is not None
    assert result.latency.p95_interval is None
    assert result.latency.p50_interval is not None


def test_an_interval_over_a_threshold_is_undecided_and_says_how_many_samples_decide(run, repository, export):
    for number, document in enumerate(repository.documents[Collection.DIGESTS]):
        document["quality"]["llm_judge"]["scores"]["coverage"] = 0.8 if number % 2 else 0.97
    export()
    coverage = metric(run().result, "coverage")
    assert coverage.outcome is Outcome.UNDECIDED
    assert coverage.interval is not None
    assert coverage.interval.holds(0.88)
    assert coverage.samples_to_decide > 150


def test_a_sample_without_a_stored_score_is_an_error_that_names_it(run, repository, export):
    document = repository.documents[Collection.DIGESTS][0]
    del document["quality"]
    export()
    with pytest.raises(ToolkitError, match=rf"sample {document['digest_id']} stores no usable coverage"):
        run()


def test_a_sample_without_a_stored_latency_is_an_error_that_names_it(run, repository, export):
    document = repository.documents[Collection.DIGESTS][0]
    del document["latency_seconds"]
    export()
    with pytest.raises(ToolkitError, match=rf"{document['digest_id']} stores no usable latency_seconds"):
        run()


def test_a_live_run_measures_every_sample(run, export, progress):
    export()
    model = FakeModel()
    result = run(model, max_concurrency=3).result
    assert len(model.requests) == 150
    assert model.most_in_flight == 3
    assert "Рубль укрепился" in model.requests[0].user
    assert result.metadata.model_name == "fake-model"
    assert result.metadata.max_concurrency == 3
    assert result.latency is not None
    assert result.ttft is not None
    assert (result.latency.p50, result.latency.p95) == pytest.approx((0.75, 1.43), abs=0.005)
    assert result.ttft.p95 == pytest.approx(0.143, abs=0.001)
    assert [sample.sample_id for sample in result.samples] == [
        sample.sample_id for sample in run().result.samples
    ]


def test_a_live_run_measures_the_answer_and_not_what_is_stored(run, repository, export):
    store_scores(repository, coverage=0.0)
    export()
    assert metric(run(FakeModel()).result, "coverage").value > 0.9
    poor = run(FakeModel(text="Совсем другая тема про погоду на Марсе.")).result
    assert metric(poor, "coverage").value < 0.1


def test_review_summaries_are_asked_for_by_their_own_prompt(run, export, request):
    export()
    scenarios = request.config.rootpath / "config" / "scenarios"
    model = FakeModel(text="## Итог рецензии\n\n- Полнота высокая.\n- Числа верны.")
    result = run(model, scenario=load_scenario(scenarios, "review_summary_ru")).result
    assert result.dataset_id == "benchmark_review_ru_v1"
    assert "ПРОХОД 2" in model.requests[0].user
    assert metric(result, "accuracy").value == 1.0


def test_an_empty_dataset_is_refused(run, export_files, tmp_path):
    with export_files.open(ExportTarget.dated(tmp_path, "2025-11-16")) as bundle:
        list(
            bundle.add([ExportPart(Collection.DIGESTS, "digests.jsonl", ExportedQuery())], lambda _: iter(()))
        )
        bundle.commit()
    with pytest.raises(ToolkitError, match="the dataset is empty"):
        run()


def test_a_few_failed_samples_are_counted_and_left_out(run, export):
    export()
    result = run(FakeModel(fails_every=150)).result
    assert result.overall is not Outcome.VOID
    assert result.metadata.errors == {"timeout": 1}
    assert (result.metadata.failed_count, result.metadata.failed_allowed) == (1, 3)
    assert result.metadata.retries == 2
    failed = [sample for sample in result.samples if sample.verdict is None]
    assert [sample.notes for sample in failed] == ["timeout: no answer within 1 s"]


def test_too_many_failed_samples_make_the_run_void_and_end_it(run, export, telemetry):
    export()
    model = FakeModel(fails_every=2, kind=ChatErrorKind.HTTP_STATUS)
    finished = run(model, max_concurrency=1)
    assert finished.result.overall is Outcome.VOID
    assert finished.result.metadata.asked_count == len(model.requests) == 8
    assert finished.result.metadata.errors == {"http_status": 4}
    assert json.loads(finished.path.read_bytes())["overall"] == "void"
    measured = {(name, value) for name, value, _ in telemetry.measurements if name != RUN_DURATION}
    assert measured == {
        ("benchmark_run_outcome", 3),
        ("benchmark_run_info", 1),
        ("benchmark_metric_outcome", 3),
    }


def test_a_model_that_never_answers_makes_the_run_void(run, export):
    export()
    result = run(FakeModel(fails_every=1)).result
    assert result.overall is Outcome.VOID
    assert result.metrics == ()
    assert result.latency is None


def test_a_live_run_without_a_model_says_what_is_missing(run, export):
    export()
    with pytest.raises(ToolkitError, match="needs the LLM API"):
        run(mode="live")


def test_the_result_is_stored_and_is_the_latest(run, export, tmp_path):
    export()
    output = tmp_path / "out" / "mine.json"
    finished = run(output=output)
    folder = tmp_path / "results" / "channel_digest_ru"
    assert finished.path == folder / "20251116T101500Z-dry-bbbbbbbb.json"
    assert output.read_bytes() == finished.path.read_bytes() == (folder / "latest.json").read_bytes()
    stored = json.loads(output.read_bytes())
    assert set(stored) >= {"scenario_id", "dataset_id", "overall", "metrics", "samples", "metadata"}
    assert set(stored["metadata"]) >= {
        "model_name",
        "prompt_version",
        "prompt_sha256",
        "sample_count",
        "duration_seconds",
        "mode",
        "trace_id",
    }
    assert stored["metadata"]["prompt_version"] == PROMPT_VERSION
    assert stored["metadata"]["prompt_sha256"] == TEMPLATE_SHA256
    assert stored["metrics"][0]["pass"] == 0.88


def test_the_verdict_is_measured_as_numbers(run, repository, export, telemetry):
    store_scores(repository, coverage=0.85)
    export()
    run()
    measured = {(name, labels.get("metric")): value for name, value, labels in telemetry.measurements}
    assert measured[("benchmark_run_outcome", None)] == 1
    assert measured[("benchmark_metric_outcome", "coverage")] == 1
    assert measured[("benchmark_metric_outcome", "accuracy")] == 0
    assert measured[("benchmark_metric_value", "latency_seconds")] == 0.25
    assert measured[("benchmark_metric_interval", "latency_seconds")] == 0.25
    assert {labels["dataset"] for _, _, labels in telemetry.measurements} == {"benchmark_digest_ru_v1"}


def test_only_a_verified_export_is_judged(run, export, tmp_path):
    export()
    path = tmp_path / "exports" / "2025-11-16" / "digests.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("0.92", "0.99", 1), encoding="utf-8")
    with pytest.raises(ToolkitError, match="the export is refused"):
        run()


def test_a_dataset_of_the_other_collection_is_refused(run, export, tmp_path):
    export()
    with pytest.raises(ToolkitError, match="holds review_reports"):
        run(dataset=tmp_path / "exports" / "2025-11-16" / "review_reports.jsonl")


def test_a_missing_dataset_says_how_to_get_one(run):
    with pytest.raises(ToolkitError, match=r"no such dataset file.*export"):
        run()


def test_a_scenario_may_not_claim_a_prompt_that_is_not_there(run, export, scenario):
    export()
    with pytest.raises(ToolkitError, match="asks for prompts gpt-2030"):
        run(scenario=scenario.model_copy(update={"prompt_version": "gpt-2030"}))


def test_a_limit_takes_the_newest_samples(run, export):
    export()
    result = run(limit=4).result
    assert [sample.sample_id[-10:-2] for sample in result.samples] == ["20251115"] * 4
    assert result.metadata.dataset.documents == 150


def test_a_plan_counts_samples_and_calls_and_asks_nobody(samples, scenario, export, tmp_path):
    request = BenchmarkRequest(scenario, "live", tmp_path)
    assert "no such dataset file" in plan_benchmark(samples, request).obstacle
    export()
    plan = plan_benchmark(samples, request)
    assert (plan.samples, plan.calls, plan.obstacle) == (150, 150, "")
    assert plan_benchmark(samples, BenchmarkRequest(scenario, "dry", tmp_path)).calls == 0


def test_an_interrupted_run_stores_nothing(run, export, tmp_path):
    export()

    class Interrupted(FakeModel):
        async def complete(self, request, *, stream=False):
            raise KeyboardInterrupt

    with pytest.raises(BaseException) as caught:  # noqa: PT011 - the loop may wrap it in a group
        run(Interrupted())
    assert caught.type is KeyboardInterrupt or caught.group_contains(KeyboardInterrupt)
    assert not (tmp_path / "results").exists()
