"""What the module `day23_seed` does."""

from collections.abc import Mapping
from typing import Any

from day23.application.dataset_ports import WEB
from day23.domain.stack_context import StackContext
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.dataset_parameters import dataset_settings, folder_of
from day23.settings import Settings
from day23.wiring.dataset import forecast_dataset, seed_dataset, seed_request
from day23.wiring.evidence import save_evidence
from day23.wiring.post_source import ExportSource, WebSource, web_source, zone_named
from day23.wiring.progress import event_progress


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Seed the dataset, or in check mode tell how many documents that would store."""
    context = stack_context(params)
    settings = dataset_settings(context, params).model_copy(
        update={"benchmark_max_concurrency": params["max_concurrency"]}
    )
    request = seed_request(
        settings, tuple(params["channels"]) or None, params["days"], params["until"], params["judge_votes"]
    )
    source = _source(context, settings, params)
    if check_mode:
        forecast = forecast_dataset(settings, request, source)
        return {
            "changed": any(channel.changed for channel in forecast),
            "forecast": [channel.model_dump(mode="json") for channel in forecast],
        }
    progress = event_progress(context.paths, "seed")
    summary = seed_dataset(settings, request, source, params["minimum"], progress)
    save_evidence(folder_of(context, params, "evidence_dir"), "seed", summary)
    summary.raise_rejections()
    return {"changed": summary.changed, "summary": summary.model_dump(mode="json")}


def _source(context: StackContext, settings: Settings, params: Mapping[str, Any]) -> ExportSource | WebSource:
    if params["source"] == WEB:
        return web_source(settings, tuple(params["channels"]) or None)
    folder = folder_of(context, params, "source")
    return ExportSource(folder, params["channels_map"], params["skip_bad"], zone_named(params["zone"]))
