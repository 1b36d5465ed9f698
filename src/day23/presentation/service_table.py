"""The services of a stack as a table for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from day23.domain.stack_words import StackWords
from day23.presentation.reports.words import duration, size

_PIPE_WIDTH = 140
_READY = {True: Text("ready", "green"), False: Text("not ready", "bold red"), None: Text("-", "dim")}


def print_services(
    services: Sequence[Mapping[str, Any]], words: StackWords, console: Console | None = None
) -> None:
    """Print one row per service.

    Args:
        services: The `services` that `day23_status` returned.
        words: Which stack was asked for.
        console: Where to print; stdout when None.
    """
    console = console or _stdout()
    if not services:
        told = words.completed("No service was ever started here. Next: make day-23-up")
        console.print(told, highlight=False, markup=False, soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("service", "state", "", "address", "version", "pid", "up for", "memory"):
        table.add_column(column, no_wrap=True)
    for service in services:
        table.add_row(*_cells(service))
    console.print(table)
    for service in services:
        if service.get("reason"):
            console.print(
                f"{service['service']}: {service['reason']}", highlight=False, markup=False, soft_wrap=True
            )


def _stdout() -> Console:
    """A pipe has no width of its own, and columns must not be squeezed for it."""
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_WIDTH)


def _cells(service: Mapping[str, Any]) -> list[str | Text]:
    uptime, memory = service.get("uptime_seconds"), service.get("memory_bytes")
    return [
        str(service.get("service", "")),
        str(service.get("state", "")),
        _READY[service.get("ready")],
        str(service.get("endpoint") or ""),
        str(service.get("version") or ""),
        str(service.get("pid") or ""),
        duration(uptime) if uptime is not None else "",
        size(memory) if memory is not None else "",
    ]
