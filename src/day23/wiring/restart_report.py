"""Wiring of what a restart validation leaves behind: evidence, metrics, log line."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from day23.application.disrupt_stack import recorded_state
from day23.application.ports import Telemetry
from day23.domain.restart.evidence import Evidence
from day23.domain.restart.judgement import RestartReport, RestartVerdict
from day23.domain.restart.watch_plan import FILE, PUSH, WRITES
from day23.infrastructure.files import write_atomically
from day23.infrastructure.restart import bundle
from day23.wiring.restart_validation import Validation
from day23.wiring.telemetry import telemetry_session

SERVICE, STAGE = "restart_validation", "TL-05"
VERDICT = "restart_validation.json"
"""In the run's evidence folder; the MCP server reads it."""

Measured = tuple[str, float, dict[str, str]]


def asked(folder: Path) -> Sequence[str]:
    """Return every question that the raw answers in an evidence folder belong to."""
    return bundle.questions(folder)


def save_memo(path: Path, text: str) -> None:
    """Write the memo whole."""
    write_atomically(path, text)


def last_verdict(validation: Validation) -> tuple[RestartReport | None, Path]:
    """Return the verdict of the last validation, None while it is under way, and its evidence.

    Raises:
        ToolkitError: None was begun, or its evidence is gone.
    """
    last = validation.files.last()
    if last and last.judged and (verdict := last.folder.parent / VERDICT).exists():
        return RestartReport.model_validate_json(verdict.read_bytes()), last.folder
    return None, recorded_state(validation.files).folder


def publish(
    validation: Validation, evidence: Evidence, report: RestartReport, page: str, picture: bytes
) -> None:
    """Write evidence, verdict, page and picture, the manifest last; then metrics and a log line."""
    folder = validation.folder
    write_atomically(folder / "evidence.json", evidence.model_dump_json(indent=1))
    write_atomically(folder / "timeline.png", picture)
    write_atomically(folder / "index.html", page)
    write_atomically(folder.parent / VERDICT, report.model_dump_json(indent=1))
    services = {one.name: one.model_dump(mode="json") for one in evidence.before.services}
    bundle.write_manifest(
        folder,
        run_id=report.run_id,
        disruption=report.disruption,
        verdict=str(report.verdict),
        toolkit_version=version("day23"),
        engine=validation.context.engine,
        clock_source=evidence.before.clock_source,
        services=services,
    )
    validation.files.close(recorded_state(validation.files))
    settings, trace_id = validation.settings, validation.context.trace_id
    with telemetry_session(settings, SERVICE, STAGE, trace_id=trace_id) as telemetry:
        _tell(telemetry, evidence, report)


def _tell(telemetry: Telemetry, evidence: Evidence, report: RestartReport) -> None:
    for name, value, labels in (*_verdict(report), *_times(evidence, report), *_losses(evidence)):
        telemetry.measure(name, value, **labels)
    level = "info" if report.verdict is RestartVerdict.PASSED else "error"
    telemetry.log(level, "restart validated", disruption=report.disruption, verdict=str(report.verdict))


def _verdict(report: RestartReport) -> Iterator[Measured]:
    code = float(report.verdict.exit_code)
    yield "restart_validation_outcome", code, {"disruption": report.disruption}
    for check in report.checks:
        yield "restart_validation_check", float(check.holds), {"check": check.name}


def _times(evidence: Evidence, report: RestartReport) -> Iterator[Measured]:
    for name in evidence.hit:
        times = report.timeline.services.get(name)
        if times is None or times.ready is None:
            continue
        yield "restart_validation_ready_seconds", times.ready - report.timeline.stopped, {"service": name}
        if times.first_sample is not None:
            waited = max(0.0, times.first_sample - times.ready)
            yield "restart_validation_first_sample_seconds", waited, {"service": name}
    for job, hole in report.holes.items():
        yield "restart_validation_scrape_hole_seconds", hole, {"job": job}


def _losses(evidence: Evidence) -> Iterator[Measured]:
    for path in (FILE, PUSH):
        account = evidence.accounts[path]
        faults = {"missing": account.missing, "doubled": account.doubled}
        for fault, count in faults.items():
            yield "restart_validation_log_lines", count, {"path": path, "fault": fault}
    writes = evidence.accounts[WRITES]
    for fault, count in {"lost": writes.missing, "doubled": writes.doubled}.items():
        yield "restart_validation_writes", count, {"fault": fault}
