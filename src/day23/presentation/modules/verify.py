"""What the module `day23_verify` does."""

from collections.abc import Mapping
from typing import Any

from day23.application.verify_dataset import VerifyRequest
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.dataset_parameters import dataset_settings, folder_of
from day23.wiring.dataset import verify_dataset
from day23.wiring.evidence import save_evidence


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Verify the stored dataset; check mode has nothing to predict."""
    context = stack_context(params)
    if check_mode:
        return {"changed": False}
    request = VerifyRequest(tuple(params["channels"]) or None, params["days"], params["minimum"])
    summary = verify_dataset(dataset_settings(context, params), request)
    save_evidence(folder_of(context, params, "evidence_dir"), "verify", summary)
    summary.raise_failures()
    return {"changed": False, "summary": summary.model_dump(mode="json")}
