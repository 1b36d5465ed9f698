"""`test_review_system`: the Operations Guide's smoke check."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from day23.application.bootstrap_shared_infra import ask_all
from day23.domain.bootstrap_report import StepStatus
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.command import for_this_stack
from day23.presentation.cli.dataset_options import settings_of
from day23.wiring.smoke import smoke_probes


@click.command("test_review_system")
@click.option("--metrics", is_flag=True, help="Also ask Prometheus for the system's metrics.")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--stack-root", type=click.Path(path_type=Path), help="Default: DAY23_STACK_ROOT, else .day23.")
def smoke_check(metrics: bool, report: str, stack_root: Path | None) -> ExitCode:
    """Check services, stored documents, a digest by the LLM API, and metrics; exit 1 if one fails."""
    settings = settings_of(stack_root)
    checks = ask_all(smoke_probes(settings, metrics=metrics))
    passed = sum(check.up for check in checks)
    if report == "json":
        document = {
            "passed": passed,
            "total": len(checks),
            "checks": [check.model_dump() for check in checks],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _print(checks, passed, settings.stack_root)
    return ExitCode.DONE if passed == len(checks) else ExitCode.ERROR


def _print(checks: Sequence[StepStatus], passed: int, root: Path) -> None:
    table = Table("check", "", "seconds", "answer", box=None, pad_edge=False, header_style="bold")
    for check in checks:
        mark = Text("pass", "green") if check.up else Text("fail", "bold red")
        table.add_row(check.step, mark, f"{check.seconds:.2f}", Text(check.detail))
    Console().print(table)
    click.echo(f"Total: {passed}/{len(checks)} checks passed")
    for step in dict.fromkeys(check.next_step for check in checks if not check.up):
        click.echo(f"Next: {for_this_stack(step, root)}", err=True)
