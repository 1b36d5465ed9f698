"""What the module `day23_export` does."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from day23.application.export_dataset import ExportRequest, ExportSummary
from day23.application.export_store import ExportTarget
from day23.domain.channel import canonical
from day23.domain.stack_context import StackContext
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.dataset_parameters import dataset_settings, folder_of
from day23.settings import Settings
from day23.wiring.evidence import save_evidence
from day23.wiring.exports import export_tools
from day23.wiring.progress import event_progress


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Export both collections and read the result back; in check mode tell where it would go."""
    context = stack_context(params)
    settings = dataset_settings(context, params)
    request = _request(params, settings.benchmark_dataset_dir)
    manifest = request.target.folder / request.target.manifest
    if check_mode:
        return {"changed": True, "manifest": str(manifest)}
    before = manifest.read_bytes() if manifest.is_file() else b""
    summary = _export(context, settings, request)
    save_evidence(folder_of(context, params, "evidence_dir"), "export", summary)
    return {
        "changed": manifest.read_bytes() != before,
        "manifest": str(manifest),
        "summary": summary.model_dump(mode="json", by_alias=True),
    }


def _request(params: Mapping[str, Any], dataset_dir: Path) -> ExportRequest:
    return ExportRequest(
        target=ExportTarget.dated(dataset_dir, f"{datetime.now(UTC):%Y-%m-%d}"),
        hours=params["hours"],
        channel=canonical(params["channel"]) if params["channel"] else None,
        language=params["language"] or None,
        limit=params["limit"] or None,
    )


def _export(context: StackContext, settings: Settings, request: ExportRequest) -> ExportSummary:
    progress = event_progress(context.paths, "export")
    with export_tools(settings, progress, context.repository) as tools:
        summary = tools.export.execute(request)
        tools.verify.folder(request.target.folder, request.collections)
    return summary
