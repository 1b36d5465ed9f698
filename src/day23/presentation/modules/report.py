"""What the module `day23_report` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.application.report_run import ReportRequest
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.stack_settings import stack_settings
from day23.wiring.evidence import seal_evidence
from day23.wiring.report import report_run, save_report


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Write the evidence page of a run and return it as lines; check mode says where it would go."""
    context = stack_context(params)
    folder = context.repository / Path(params["evidence_dir"]).expanduser()
    if check_mode:
        return {"changed": True, "page": str(folder / "index.html")}
    request = ReportRequest(params["run_id"], context.trace_id, params["patience"])
    with report_run(context, stack_settings(context), folder) as use_case:
        report = use_case.execute(request)
    # Drawing is imported here because it takes a second that check mode need not wait.
    from day23.presentation.reports.page import render_page
    from day23.presentation.reports.summary import lines

    data, page = save_report(folder, report, render_page(report))
    seal_evidence(folder)
    told = [*lines(report), "", f"Evidence: {page}"]
    return {"changed": True, "page": str(page), "data": str(data), "lines": told, "gaps": report.gaps}
