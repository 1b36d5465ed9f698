"""A verdict as lines of text."""

from day23.domain.restart.checks import Check
from day23.domain.restart.judgement import RestartReport

_SECONDS = " s"


def report_lines(report: RestartReport) -> list[str]:
    """Return the verdict, then one line per point with its numbers."""
    head = f"restart validation {report.disruption}: {report.verdict}"
    return [head, *(_line(number, check) for number, check in enumerate(report.checks, 1))]


def _line(number: int, check: Check) -> str:
    mark = "ok  " if check.holds else "void" if check.void else "FAIL"
    return f"{mark} {number:>2} {check.name:<17} {figures(check)}" + (
        f"  <- {check.reason}" if check.reason else ""
    )


def figures(check: Check) -> str:
    """Return the numbers of one point as words."""
    return ", ".join(f"{name} {value}" for name, value in measured(check))


def measured(check: Check) -> list[tuple[str, str]]:
    """Return the numbers of one point with their unit behind them instead of behind their name."""
    return [
        (name.removesuffix(_SECONDS), _told(value, _SECONDS if name.endswith(_SECONDS) else ""))
        for name, value in check.figures.items()
    ]


def _told(value: int | float | str, unit: str) -> str:
    return value if isinstance(value, str) else f"{value:,}{unit}"
