"""What the module `day23_verify_export` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.application.null_telemetry import NullTelemetry
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import MANIFEST_NAME
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.dataset_parameters import dataset_settings, folder_of
from day23.wiring.evidence import save_evidence
from day23.wiring.exports import export_files


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Accept an export folder that is complete; check mode has nothing to predict."""
    context = stack_context(params)
    if check_mode:
        return {"changed": False}
    exports = dataset_settings(context, params).benchmark_dataset_dir / "exports"
    folder = folder_of(context, params, "folder") or newest_export(exports)
    verify = VerifyExportersUseCase(export_files(context.repository), NullTelemetry())
    manifest = verify.folder(folder)
    save_evidence(folder_of(context, params, "evidence_dir"), "verify_export", manifest)
    summary = manifest.model_dump(mode="json", by_alias=True)
    return {"changed": False, "folder": str(folder), "summary": summary}


def newest_export(exports: Path) -> Path:
    """Return the folder of the newest day that was exported.

    Raises:
        ToolkitError: There is none.
    """
    folders = sorted(path.parent for path in exports.glob(f"*/{MANIFEST_NAME}"))
    if not folders:
        raise ToolkitError("there is no complete export", where=str(exports), next_step="invoke day23.export")
    return folders[-1]
