"""Wiring of what rules, dashboards and the catalogue say of each other and of a running stack."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from day23.application.measure_coverage import MeasureCoverage
from day23.application.observability_snapshots import snapshots
from day23.domain.coverage_report import Asker
from day23.domain.dashboard import DataSource
from day23.domain.observability_policy import POLICY
from day23.infrastructure.grafana.dashboard_reader import read_dashboards
from day23.infrastructure.queries.series import PrometheusSeries
from day23.infrastructure.rules.declared_jobs import declared_jobs
from day23.infrastructure.rules.rule_file import read_rules
from day23.infrastructure.text_folder import TextFolder
from day23.settings import Settings
from day23.wiring.connections import prometheus_url

_EMPTY_BY_DESIGN = frozenset({"RAGVarianceThresholdExceeded", "LLMHighErrorRate"})
"""Alerts on series that nobody emits yet, or that begin with the first trouble."""


def differing_files(project: Path) -> tuple[str, ...]:
    """Return the generated files that are missing or differ from what they are written from."""
    files = TextFolder(project)
    return tuple(name for name, text in _wanted(project).items() if files.read(name) != text)


def write_files(project: Path, names: tuple[str, ...]) -> None:
    """Write generated files, each all or nothing."""
    files, wanted = TextFolder(project), _wanted(project)
    for name in names:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        files.write(name, wanted[name])


def _wanted(project: Path) -> dict[str, str]:
    jobs = declared_jobs(project / "roles")
    return snapshots(job for job, optional in jobs.items() if not optional)


def coverage_measurement(settings: Settings, project: Path) -> MeasureCoverage:
    """Build the use case that compares the project's rules and dashboards with the running stack."""
    server = PrometheusSeries(partial(prometheus_url, settings))
    return MeasureCoverage(server, POLICY.metrics, (*_rules(project), *_panels(project)))


def _rules(project: Path) -> Iterator[Asker]:
    for path in sorted((project / "prometheus/rules").glob("*.yml")):
        for rule in read_rules(path):
            yield Asker(rule.name, rule.expression, rule.name in _EMPTY_BY_DESIGN)


def _panels(project: Path) -> Iterator[Asker]:
    for page in read_dashboards(project / "grafana/dashboards"):
        for panel in page.panels:
            if panel.source is DataSource.PROMETHEUS:
                for query in panel.queries:
                    yield Asker(f"{page.name}: {panel.title}", query.expression, bool(panel.empty_by_design))
