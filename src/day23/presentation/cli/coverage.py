"""`day23 observability coverage`: what rules and panels ask for that the running stack does not have."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from day23.domain.coverage_report import CoverageReport
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.dataset_options import settings_of
from day23.wiring.observability import coverage_measurement


@click.command("observability-coverage")
@click.option(
    "--project", type=click.Path(path_type=Path), default=Path(), help="The checkout; default: this folder."
)
@click.option("--stack-root", type=click.Path(path_type=Path), help="Default: DAY23_STACK_ROOT, else .day23.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def observability_coverage(project: Path, stack_root: Path | None, as_json: bool) -> ExitCode:
    """Compare with the running Prometheus; exit 1 when a rule or panel asks for series that do not exist,
    a label is outside the taxonomy, or a metric has more series than its budget."""
    settings = settings_of(stack_root)
    report = coverage_measurement(settings, project).execute()
    click.echo(json.dumps(_document(report), indent=2) if as_json else "\n".join(_lines(report)))
    return ExitCode.ERROR if report.faults else ExitCode.DONE


def _document(report: CoverageReport) -> dict[str, object]:
    return {**asdict(report), "over_budget": [one.metric for one in report.over_budget]}


def _lines(report: CoverageReport) -> list[str]:
    nearest = max(report.budgets, key=lambda one: one.series / one.allowed, default=None)
    lines = [
        f"{report.total_series} series on the server, {len(report.budgets)} metrics of the catalogue seen"
    ]
    if nearest:
        lines.append(f"nearest to its budget: {nearest.metric}, {nearest.series} of {nearest.allowed}")
    findings = {
        "asks for series that do not exist": report.without_series,
        "outside the taxonomy": report.outside_taxonomy,
        "over budget": tuple(f"{one.metric}: {one.series} of {one.allowed}" for one in report.over_budget),
        "never asked for (no fault)": report.unused,
        "not emitted so far (no fault)": report.not_emitted,
    }
    for title, found in findings.items():
        lines.append(f"{title}: {len(found)}")
        lines += [f"  {one}" for one in found]
    return lines
