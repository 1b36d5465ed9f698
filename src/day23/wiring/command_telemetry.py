"""Metrics of the command line: one textfile per stack, written when a command ends."""

from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import POLICY
from day23.domain.runtime_metrics import COMMANDS
from day23.domain.stack_paths import StackPaths


def record_command(stack_root: Path, command: str, seconds: float, error_type: str | None) -> None:
    """Count one finished command; where there is no stack, nothing is written and nothing fails.

    Args:
        error_type: A value of the label `error_type`; None when the command did its work.
    """
    paths = StackPaths(stack_root)
    if not paths.run.is_dir():
        return
    from day23.infrastructure.metrics.textfile import TextfileMetrics  # costs 60 ms

    name = command if command in COMMANDS else "other"
    metrics = TextfileMetrics(POLICY, paths.textfiles / "cli.prom")
    metrics.measure("cli_command_total", 1, command=name, status="error" if error_type else "success")
    metrics.measure("cli_command_duration_seconds", seconds, command=name)
    if error_type:
        metrics.measure("cli_command_errors_total", 1, command=name, error_type=error_type)
    try:
        metrics.flush()
    except ToolkitError:
        return  # the command's own outcome counts
