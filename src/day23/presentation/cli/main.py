"""`day23`: everything the scripts do, under one name."""

import click

from day23.presentation.cli.command import run_command
from day23.presentation.cli.lazy_group import LazyGroup

_CLI = "day23.presentation.cli"

_INFRA = LazyGroup(
    "infra",
    {
        "bootstrap": (f"{_CLI}.bootstrap_command", "bootstrap_shared_infra"),
        "cleanup": (f"{_CLI}.bootstrap_command", "cleanup_shared_infra"),
        "smoke": (f"{_CLI}.smoke_command", "smoke_check"),
    },
    "Start, check and stop the shared infrastructure.",
)
_DATASET = LazyGroup(
    "dataset",
    {
        "seed": (f"{_CLI}.seed_benchmark_data", "seed_benchmark_data"),
        "verify": (f"{_CLI}.verify_benchmark_counts", "verify_benchmark_counts"),
        "sample": (f"{_CLI}.sample_ru_entries", "sample_ru_entries"),
    },
    "Seed, verify and sample the stored dataset.",
)
_EXPORT = LazyGroup(
    "export",
    {
        "digests": (f"{_CLI}.export_command", "export_digests"),
        "review-reports": (f"{_CLI}.export_command", "export_review_reports"),
        "verify": (f"{_CLI}.verify_exports", "verify_exports"),
    },
    "Write the stored dataset as checksummed JSONL.",
)
_BENCHMARK = LazyGroup(
    "benchmark",
    {
        "run": (f"{_CLI}.run_benchmark", "run_benchmark"),
        "coverage": (f"{_CLI}.simulate_coverage", "simulate_coverage"),
        "pilot-log": (f"{_CLI}.pilot_log", "pilot_log"),
    },
    "Judge a dataset; simulate how far its intervals can be trusted.",
)
_DASHBOARDS = LazyGroup(
    "dashboards",
    {
        "write": (f"{_CLI}.dashboards", "write_dashboards"),
        "exercise": (f"{_CLI}.dashboards", "exercise_stack"),
        "verify": (f"{_CLI}.dashboards", "verify_dashboards"),
        "render": (f"{_CLI}.dashboards", "render_dashboards"),
    },
    "Write the dashboards, ask the stack what they would show, draw them without a Grafana.",
)
_OBSERVABILITY = LazyGroup(
    "observability",
    {
        "write": (f"{_CLI}.observability", "write_observability"),
        "coverage": (f"{_CLI}.coverage", "observability_coverage"),
    },
    "Write generated rules and pages; compare catalogue, rules and dashboards with a running stack.",
)
_EVIDENCE = LazyGroup(
    "evidence",
    {"verify": (f"{_CLI}.verify_evidence", "verify_evidence")},
    "Check what a run left behind.",
)
_TRACE = LazyGroup(
    "trace", {"show": (f"{_CLI}.trace_show", "trace_show")}, "Follow one run through the stack."
)


@click.group()
@click.version_option(package_name="day23")
def day23() -> None:
    """The toolkit of the shared stack."""


for _group in (_INFRA, _DATASET, _EXPORT, _BENCHMARK, _EVIDENCE, _DASHBOARDS, _OBSERVABILITY, _TRACE):
    day23.add_command(_group)


def main() -> None:
    """Run `day23` with the words of the command line."""
    run_command(day23)
