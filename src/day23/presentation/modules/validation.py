"""What the module `day23_validation` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.application.verify_restart import Patience
from day23.domain.errors import ToolkitError, UsageError, VoidRunError
from day23.domain.restart.disruption import Disruption
from day23.domain.restart.judgement import RestartReport, RestartVerdict, judge
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.stack_settings import stack_settings
from day23.presentation.restart.lines import report_lines
from day23.wiring.restart_report import asked, last_verdict, publish
from day23.wiring.restart_validation import Validation
from day23.wiring.stack_words import stack_words


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Run one phase; check mode says that it would."""
    if check_mode:
        return {"changed": True}
    context = stack_context(params)
    folder = context.repository / Path(params["evidence_dir"]).expanduser()
    validation = Validation(context, stack_settings(context), folder / "restart")
    return _PHASES[params["phase"]](validation, params)


def _record(validation: Validation, params: Mapping[str, Any]) -> ModuleResult:
    if not params["run_id"]:
        raise UsageError("recording needs a name for the run", where="run_id")
    disruption = Disruption.parse(params["disruption"])
    state = validation.begin(params["run_id"], str(disruption))
    validation.record(state).run(state)
    return {"changed": True, "folder": str(validation.folder)}


def _disrupt(validation: Validation, params: Mapping[str, Any]) -> ModuleResult:
    state = validation.disrupt(params["engine_command"]).run()
    needs_up = Disruption.parse(state.disruption).needs_up
    return {"changed": True, "folder": str(state.folder), "needs_up": needs_up}


def _look(validation: Validation, _params: Mapping[str, Any]) -> ModuleResult:
    report, folder = last_verdict(validation)
    return {"changed": False, "folder": str(folder), "judged": report is not None}


def _verify(validation: Validation, params: Mapping[str, Any]) -> ModuleResult:
    report, folder = last_verdict(validation)
    report = report or _judged(validation, params)
    _refuse_unless_passed(report, folder)
    return {
        "changed": True,
        "folder": str(folder),
        "report": report.model_dump(mode="json"),
        "lines": report_lines(report),
    }


def _judged(validation: Validation, params: Mapping[str, Any]) -> RestartReport:
    begun = validation.resume()
    evidence = begun.verify(Patience(resumed=params["patience"])).run()
    report = judge(evidence).told_of(stack_words(begun.context.paths, begun.context.repository))
    # Drawing is imported here because it takes a second that recording need not wait.
    from day23.presentation.restart.page import restart_page
    from day23.presentation.restart.timeline_picture import timeline_png

    picture = timeline_png(report)
    publish(begun, evidence, report, restart_page(report, evidence, picture, asked(begun.folder)), picture)
    return report


def _refuse_unless_passed(report: RestartReport, folder: Path) -> None:
    """Fail with every reason; the report itself is in the evidence.

    Raises:
        VoidRunError: Nothing can be said.
        ToolkitError: A point does not hold.
    """
    if report.verdict is RestartVerdict.PASSED:
        return
    kind = VoidRunError if report.verdict is RestartVerdict.VOID else ToolkitError
    reasons = "\n  ".join(report.reasons)
    raise kind(
        f"restart validation {report.disruption}: {report.verdict}\n  {reasons}\n",
        where=str(folder / "index.html"),
        next_step="make day-23-status",
    )


def _abandon(validation: Validation, _params: Mapping[str, Any]) -> ModuleResult:
    stopped, kept = validation.abandon()
    return {"changed": True, "stopped": list(stopped), "kept": kept}


_PHASES = {
    "record": _record,
    "disrupt": _disrupt,
    "look": _look,
    "verify": _verify,
    "abandon": _abandon,
}
