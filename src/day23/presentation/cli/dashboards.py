"""`dashboards`: write them, ask the running stack what they would show, draw them without a Grafana."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from day23.domain.exit_codes import ExitCode
from day23.domain.panel_answer import PanelAnswer
from day23.presentation.cli.dataset_options import STACK_ROOT, settings_of
from day23.presentation.progress_view import SilentView, TerminalProgress, progress_view
from day23.wiring.dashboards import (
    FOLDER,
    committed_dashboards,
    dashboard_reading,
    generate_dashboards,
    save_picture,
)
from day23.wiring.smoke import exercise_stack as exercise

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _reading_options(command: _Command) -> _Command:
    for option in (
        click.argument("names", nargs=-1, metavar="[DASHBOARD]..."),
        click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True),
        STACK_ROOT,
        click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
    ):
        command = option(command)
    return command


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
def write_dashboards(folder: Path) -> None:
    """Write the JSON that Grafana provisions; for developers, after a change of a dashboard."""
    for path in generate_dashboards(folder):
        click.echo(path)


@click.command()
@click.option("--seconds", type=click.FloatRange(min=0), default=40, show_default=True)
@STACK_ROOT
def exercise_stack(seconds: float, stack_root: Path | None) -> ExitCode:
    """Send the stack some work, so that rates have something to show; two scrapes take 30 seconds."""
    with progress_view(Console(stderr=True)) as view:
        traffic = exercise(settings_of(stack_root), TerminalProgress(view, "traffic"))
        answers = traffic.execute(seconds)
    for answer in answers:
        click.echo(f"{'ok' if answer.up else 'failed':8}{answer.step}: {answer.detail}")
    return ExitCode.DONE if all(answer.up for answer in answers) else ExitCode.ERROR


@click.command()
@_reading_options
def verify_dashboards(
    names: tuple[str, ...], folder: Path, stack_root: Path | None, as_json: bool
) -> ExitCode:
    """Ask every query of every panel; exit 1 when a panel would be empty, broken or not a number."""
    answers = _read(names, folder, stack_root, quiet=as_json)
    faults = [answer for answer in answers if answer.faults]
    if as_json:
        click.echo(json.dumps(_document(answers), ensure_ascii=False, indent=2))
    else:
        _print(answers)
    return ExitCode.ERROR if faults else ExitCode.DONE


@click.command()
@_reading_options
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("evidence/dashboards"), show_default=True
)
def render_dashboards(
    names: tuple[str, ...], folder: Path, stack_root: Path | None, as_json: bool, output: Path
) -> ExitCode:
    """Draw the dashboards as one HTML page and a PNG each."""
    from day23.presentation.dashboards.gallery import gallery_page, of_page, pages_of, picture

    answers = _read(names, folder, stack_root, quiet=as_json)
    files = [
        save_picture(output / f"{page.name}.png", picture(of_page(answers, page)))
        for page in pages_of(answers)
    ]
    page = gallery_page(answers, "Dashboards of the Day 23 stack")
    files.append(save_picture(output / "index.html", page.encode()))
    click.echo(json.dumps([str(path) for path in files]) if as_json else "\n".join(map(str, files)))
    return ExitCode.DONE


def _read(
    names: tuple[str, ...], folder: Path, stack_root: Path | None, *, quiet: bool
) -> tuple[PanelAnswer, ...]:
    settings = settings_of(stack_root)
    pages = committed_dashboards(folder, names)
    if quiet:
        return dashboard_reading(settings, TerminalProgress(SilentView(), "dashboards")).read(pages)
    with progress_view(Console(stderr=True)) as view:
        return dashboard_reading(settings, TerminalProgress(view, "dashboards")).read(pages)


def _document(answers: tuple[PanelAnswer, ...]) -> list[dict[str, Any]]:
    return [
        {
            "dashboard": answer.dashboard.uid,
            "panel": answer.panel.title,
            "empty_by_design": answer.panel.empty_by_design or None,
            "fault": bool(answer.faults),
            "queries": [
                {
                    "expression": query.expression,
                    "state": query.state.value,
                    "series": len(query.series),
                    "lines": len(query.lines),
                    "refusal": query.refusal or None,
                }
                for query in answer.queries
            ],
        }
        for answer in answers
    ]


def _print(answers: tuple[PanelAnswer, ...]) -> None:
    table = Table(
        "dashboard", "panels", "queries", "with data", "empty by design", "faults", box=None, pad_edge=False
    )
    for page in dict.fromkeys(answer.dashboard for answer in answers):
        own = [answer for answer in answers if answer.dashboard is page]
        queries = [query for answer in own for query in answer.queries]
        full = sum(query.state == "data" for query in queries)
        faults = sum(len(answer.faults) for answer in own)
        cells = [len(own), len(queries), full, len(queries) - full - faults, faults]
        table.add_row(Text(page.name, "bold red" if faults else ""), *map(str, cells))
    Console().print(table)
    for answer in answers:
        for query in answer.faults:
            said = query.refusal or query.state.value
            click.echo(
                f"{answer.dashboard.name}: {answer.panel.title}: {said}\n  {query.expression}", err=True
            )
