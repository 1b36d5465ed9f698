"""The LLM judge of a run, with its model, the dataset files and the stored results joined."""

from contextlib import AsyncExitStack

from day23.application.benchmark_samples import BenchmarkSamples
from day23.application.judge_run import JudgeIdentity, JudgeRunUseCase
from day23.application.pair_judge import PairJudge
from day23.application.ports import Progress, Telemetry
from day23.application.run_benchmark import BenchmarkRequest
from day23.infrastructure.benchmark.result_files import ResultFiles
from day23.infrastructure.llm.chat_client import OpenAIChatModel
from day23.settings import Settings
from day23.wiring.connections import is_measured_server, judge_key, llm_model, llm_url


async def judge_of_run(
    resources: AsyncExitStack,
    settings: Settings,
    request: BenchmarkRequest,
    samples: BenchmarkSamples,
    telemetry: Telemetry,
    progress: Progress,
) -> JudgeRunUseCase:
    """Return the judge: `JUDGE_URL` and `JUDGE_MODEL`, else the model that the run measures.

    Args:
        resources: Close the connections.
    """
    url = settings.judge_url or llm_url(settings)
    model = OpenAIChatModel(
        url,
        settings.judge_model or llm_model(settings),
        timeout_seconds=settings.benchmark_judge_timeout_seconds,
        max_concurrency=_in_flight(settings, request),
        key=judge_key(settings, url),
    )
    identity = JudgeIdentity(
        model=model.model,
        is_tested_model=is_measured_server(settings, url) and model.model == llm_model(settings),
        max_concurrency=_in_flight(settings, request),
    )
    name = f"{model.model} at {model.origin}"
    judge = PairJudge(await resources.enter_async_context(model), name)
    results = ResultFiles(request.dataset_dir)
    return JudgeRunUseCase(samples, results, telemetry, progress, judge=judge, identity=identity)


def _in_flight(settings: Settings, request: BenchmarkRequest) -> int:
    """Return the run's bound; an open loop's is room for bursts, which a judge need not stand."""
    bound = request.load.max_concurrency
    return min(bound, settings.benchmark_max_concurrency) if request.load.open_loop else bound
