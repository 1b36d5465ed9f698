"""Wiring of what a restart validation leaves behind: evidence, metrics, log line."""

from day23.domain.restart.evidence import Evidence
from day23.domain.restart.judgement import RestartReport
from day23.domain.restart.watch_plan import FILE, PUSH, WRITES
from day23.infrastructure.files import write_atomically
from day23.wiring.restart_validation import Validation
from day23.wiring.telemetry import telemetry_session

SERVICE, STAGE = "restart_validation", "TL-05"


def publish(validation: Validation, evidence: Evidence, report: RestartReport) -> None:
    """Write evidence, verdict and metrics of one validation."""
    folder = validation.folder
    write_atomically(folder / "evidence.json", evidence.model_dump_json(indent=1))
    write_atomically(folder.parent / "restart_validation.json", report.model_dump_json(indent=1))
    validation.files.forget()
    with telemetry_session(
        validation.settings, SERVICE, STAGE, trace_id=validation.context.trace_id
    ) as telemetry:
        measure = telemetry.measure
        measure("restart_validation_outcome", int(report.verdict.exit_code), disruption=report.disruption)
        for check in report.checks:
            measure("restart_validation_check", int(check.holds), check=check.name)
        for name, times in report.timeline.services.items():
            if times.ready is not None and name in evidence.hit:
                measure(
                    "restart_validation_ready_seconds", times.ready - report.timeline.stopped, service=name
                )
            if times.ready is not None and times.first_sample is not None and name in evidence.hit:
                waited = max(0.0, times.first_sample - times.ready)
                measure("restart_validation_first_sample_seconds", waited, service=name)
        for job, hole in report.holes.items():
            measure("restart_validation_scrape_hole_seconds", hole, job=job)
        for path in (FILE, PUSH):
            account = evidence.accounts[path]
            measure("restart_validation_log_lines", account.missing, path=path, fault="missing")
            measure("restart_validation_log_lines", account.doubled, path=path, fault="doubled")
        writes = evidence.accounts[WRITES]
        measure("restart_validation_writes", writes.missing, fault="lost")
        measure("restart_validation_writes", writes.doubled, fault="doubled")
        level = "info" if report.verdict == "passed" else "error"
        telemetry.log(level, "restart validated", disruption=report.disruption, verdict=str(report.verdict))
