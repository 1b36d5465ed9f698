"""What the module `day23_benchmark` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from day23.application.run_benchmark import BenchmarkRequest, BenchmarkRun
from day23.domain.benchmark_baseline import BaselineComparison
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.exit_codes import ExitCode
from day23.domain.stack_context import StackContext
from day23.domain.verdict import exit_code
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.benchmark_bundle import write_bundle
from day23.presentation.caller_watch import interrupted_without_caller
from day23.presentation.modules.dataset_parameters import dataset_settings, folder_of
from day23.settings import Settings
from day23.wiring import benchmark
from day23.wiring.evidence import save_evidence
from day23.wiring.progress import event_progress

_KEYS = ("llm_api_key", "beside_api_key", "judge_api_key")


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Run one scenario and return its verdict as data; in check mode return the plan."""
    context = stack_context(params)
    settings = _with_addresses(dataset_settings(context, params), params)
    request = _request(context, settings, params)
    if check_mode:
        plan = benchmark.plan(request, context.repository)
        return {"changed": True, "plan": plan.model_dump(mode="json", by_alias=True)}
    progress = event_progress(context.paths, "benchmark")
    wanted = params["baseline"]
    compare = benchmark.baseline(request, wanted) if wanted else None
    with interrupted_without_caller():
        run = benchmark.run_benchmark(settings, request, progress, context.repository)
    comparison = compare(run.result) if compare else None
    bundle = _save_evidence(context, params, run, comparison)
    return {
        "changed": True,
        "outcome": run.result.overall.value,
        "result": str(run.path),
        "bundle": str(bundle),
        "comparison": comparison.model_dump(mode="json") if comparison else None,
        "summary": run.result.model_dump(mode="json", by_alias=True, exclude={"samples"}),
        **_gate(params, run.result),
    }


def _with_addresses(settings: Settings, params: Mapping[str, Any]) -> Settings:
    given = {name: params[name] for name in ("llm_url", "judge_url", "judge_model") if params[name]}
    keys = {name: SecretStr(params[name]) for name in _KEYS if params[name]}
    return settings.model_copy(update=given | keys)


def _request(context: StackContext, settings: Settings, params: Mapping[str, Any]) -> BenchmarkRequest:
    return BenchmarkRequest(
        scenario=benchmark.scenario(params["scenario"], context.repository),
        mode=params["mode"],
        dataset_dir=settings.benchmark_dataset_dir,
        dataset=folder_of(context, params, "dataset"),
        limit=params["limit"] or None,
        load=benchmark.load(
            settings, params["rate"], params["arrival"], params["seed"], params["max_concurrency"]
        ),
        warm_up=params["warm_up"],
        workers=params["workers"],
        scheduler=params["scheduler"],
        credentials=params["credentials"],
        output=folder_of(context, params, "output"),
        judge_repeats=params["judge_repeats"] if params["judge"] else 0,
        beside=params["beside"],
        beside_model=params["beside_model"],
    )


def _save_evidence(
    context: StackContext,
    params: Mapping[str, Any],
    run: BenchmarkRun,
    comparison: BaselineComparison | None,
) -> Path:
    """Write the result and its bundle; without a folder for evidence, beside the stored result."""
    folder = folder_of(context, params, "evidence_dir")
    name = f"benchmark.{run.result.scenario_id}.{run.result.metadata.mode}"
    save_evidence(folder, name, run.result)
    return write_bundle(run, comparison, folder / name if folder else None)


def _gate(params: Mapping[str, Any], result: BenchmarkResult) -> ModuleResult:
    """Return what makes the task fail where the verdict gates it; nothing otherwise."""
    code = exit_code(result.overall, fail_on_warn=params["fail_on_warn"])
    if not params["gate"] or code is ExitCode.DONE:
        return {}
    metrics = ", ".join(f"{metric.name} {metric.outcome.value}" for metric in result.metrics) or "no metric"
    verdict = f"{result.scenario_id}: {result.overall.value} ({metrics})"
    return {"failed": True, "msg": verdict, "exit_code": int(code)}
