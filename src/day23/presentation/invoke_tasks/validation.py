"""The task that proves that a stack comes back."""

import json as json_format
import sys
from dataclasses import replace
from pathlib import Path

from invoke.context import Context
from invoke.exceptions import Exit
from rich.console import Console

from day23.domain.errors import UsageError
from day23.domain.exit_codes import ExitCode
from day23.domain.restart.disruption import KINDS_FOR_PEOPLE, Disruption
from day23.domain.restart.judgement import RestartReport
from day23.presentation.invoke_tasks.dataset import absolute
from day23.presentation.invoke_tasks.play import Options, given, play, project_of, stack_task, whole_number
from day23.presentation.restart.lines import report_lines
from day23.presentation.restart.memo import MEMO, comparison, rewritten
from day23.wiring.restart_report import save_memo

_VERDICT = "restart_validation.json"
_ABANDON = "abandon"
_PHASES = ("all", "record", "verify", _ABANDON)


@stack_task(
    disruption=f"What to do to the stack: {KINDS_FOR_PEOPLE} (default: stack).",
    phase="all at once (default); record now and verify after the host was booted; abandon what was begun.",
    repeat="How often to do it (default 1); then medians and worst cases are shown.",
    patience="Seconds to wait for samples and the Watchdog after everything is ready (default 180).",
    memo=f"Write the figures into {MEMO}.",
    evidence_root="Folder that gets one folder of evidence per run (default: evidence).",
)
def validate(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    disruption: str = "stack",
    phase: str = "all",
    repeat: str = "",
    patience: str = "",
    memo: bool = False,
    evidence_root: str = "",
) -> None:
    """Stop and start, or kill, what runs, and prove with numbers that everything resumed."""
    variables = _variables(disruption, phase, patience, evidence_root)
    options = Options(inventory, stack_root, port_offset, False, verbose, variables=variables)
    fetched = project_of(context) / "evidence"
    roots = {fetched, Path(absolute(evidence_root) or fetched)}
    reports, codes = [], {ExitCode.DONE}
    for _ in range(whole_number("repeat", repeat) or 1):
        known = _verdicts(roots)
        codes.add(_played(context, options))
        for path in sorted(_verdicts(roots) - known):
            reports.append(_report(path))
            _tell(reports[-1], path, json)
    if memo and reports:
        path = project_of(context) / MEMO
        save_memo(path, rewritten(path.read_text(encoding="utf-8"), reports))
    _show(reports, json)
    if codes != {ExitCode.DONE}:
        raise Exit(code=int(ExitCode.ERROR if ExitCode.ERROR in codes else ExitCode.VOID))


def _variables(disruption: str, phase: str, patience: str, evidence_root: str) -> dict[str, object]:
    if phase not in _PHASES:
        raise UsageError(f"--phase is one of {', '.join(_PHASES)}", where=f"--phase {phase}")
    return given(
        restart_validation_disruption=str(Disruption.parse(disruption)),
        restart_validation_phase=phase,
        restart_validation_patience=whole_number("patience", patience),
        stack_run_evidence_root=absolute(evidence_root),
    )


def _played(context: Context, options: Options) -> ExitCode:
    try:
        play(context, "restart_validation", options)
    except Exit as told:
        if told.code == ExitCode.INTERRUPTED:
            raise Exit(_broken_off(context, options), code=told.code) from None
        if told.code not in (ExitCode.ERROR, ExitCode.VOID):
            raise
        if told.message:
            print(told.message, file=sys.stderr)
        return ExitCode(told.code)
    return ExitCode.DONE


def _broken_off(context: Context, options: Options) -> str:
    """End what still runs, on whatever host; return what a person should know and do."""
    given_up = replace(options, variables={**options.variables, "restart_validation_phase": _ABANDON})
    again = f"invoke day23.validate --disruption {options.variables['restart_validation_disruption']}"
    print("interrupted: ending what sends log lines and writes", file=sys.stderr)
    try:
        outcome = play(context, "restart_validation", given_up)
    except Exit as failed:
        left = "what sends log lines and writes ends by itself after 15 minutes"
        told = f"{failed.message or 'error'}; {left}. Next: {again} --phase {_ABANDON}"
    else:
        stopped = outcome.returned("validation", "stopped")
        told = "error: interrupted; nothing of the validation is left, and every service runs"
        if outcome.returned("validation", "kept"):
            told = f"error: interrupted; the record is kept. Next: {again} --phase verify"
        elif stopped:
            told = f"error: interrupted; not running: {', '.join(stopped)}. Next: make day-23-up"
    return options.words(project_of(context)).completed(told)


def _verdicts(roots: set[Path]) -> set[Path]:
    return {path for root in roots for path in root.glob(f"*/{_VERDICT}")}


def _tell(report: RestartReport, path: Path, as_json: bool) -> None:
    if not as_json:
        print("\n".join(report_lines(report)))
        print(f"Evidence: {path.with_name('restart') / 'index.html'}")


def _report(path: Path) -> RestartReport:
    return RestartReport.model_validate_json(path.read_bytes())


def _show(reports: list[RestartReport], as_json: bool) -> None:
    if as_json:
        print(json_format.dumps([report.model_dump(mode="json") for report in reports], indent=1))
    elif len(reports) > 1:
        Console().print("\n".join(comparison(reports)), markup=False, highlight=False, soft_wrap=True)
