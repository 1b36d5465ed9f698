"""Tasks about the stack: check, fetch, up, down, status, logs."""

import shlex
import sys

import click
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from day23.domain.errors import UsageError
from day23.domain.exit_codes import ExitCode
from day23.presentation.invoke_tasks.dataset import absolute
from day23.presentation.invoke_tasks.play import (
    HELP,
    Options,
    given,
    play,
    project_of,
    refusals_told,
    stack_paths,
    stack_task,
    whole_number,
)
from day23.presentation.service_table import print_services


@stack_task()
def check(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
) -> None:
    """Tell whether the stack could come up, changing nothing."""
    play(context, "check", Options(inventory, stack_root, port_offset, json, verbose))


@stack_task()
def fetch(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
) -> None:
    """Fetch and build what the services run, so that `up` needs no network."""
    play(context, "fetch", Options(inventory, stack_root, port_offset, json, verbose))


@stack_task(
    dry_run="Change nothing and show what would change (--check --diff).",
    bundle="Archive of day23.bundle, or its unpacked folder: everything is taken from it, nothing fetched.",
)
def up(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    dry_run: bool = False,
    bundle: str = "",
) -> None:
    """Bring the shared stack up and wait until every service is ready."""
    chosen = given(stack_bundle=absolute(bundle))
    play(context, "up", Options(inventory, stack_root, port_offset, json, verbose, dry_run, chosen))


@stack_task(
    purge="Also delete the stack's data, logs, configuration and secrets; asks first on a terminal.",
    yes="Do not ask.",
)
def down(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    purge: bool = False,
    yes: bool = False,
) -> None:
    """Stop every service of the stack; its data stays unless --purge."""
    root = stack_paths(project_of(context), stack_root).root
    if purge and not yes and sys.stdin.isatty():
        question = f"Delete all data, logs and secrets of the stack in {root} ({inventory})?"
        if not click.confirm(question, err=True):
            raise Exit("nothing was stopped or deleted", code=int(ExitCode.ERROR))
    options = Options(inventory, stack_root, port_offset, json, verbose, variables=given(stack_purge=purge))
    outcome = play(context, "down", options)
    if not json:
        print(f"stopped: {', '.join(outcome.returned('down', 'stopped') or ['nothing, nothing ran'])}")
        print("".join(f"removed: {folder}\n" for folder in outcome.returned("down", "purged") or []), end="")


@stack_task()
def status(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
) -> None:
    """Show what runs, where, and whether it is ready."""
    options = Options(inventory, stack_root, port_offset, json, verbose)
    outcome = play(context, "status", options)
    if not json:
        print_services(outcome.returned("status", "services") or [], options.words(project_of(context)))


@task(
    positional=["service"],
    help={
        "service": "Name of the service, as `day23.status` shows it.",
        "number": "How many lines per stream (default 50).",
        "follow": "Go on showing lines as they are written, until Ctrl-C.",
        "stack-root": HELP["stack-root"],
    },
)
@refusals_told
def logs(
    context: Context, service: str, number: str = "50", follow: bool = False, stack_root: str = ""
) -> None:
    """Show the last log lines of one service."""
    folder = stack_paths(project_of(context), stack_root).logs
    files = sorted(str(path) for path in folder.glob(f"{service}.*.jsonl"))
    if not files:
        known = ", ".join(sorted({path.name.split(".")[0] for path in folder.glob("*.jsonl")})) or "none"
        raise UsageError(f"{service!r} has no logs", where=str(folder), next_step=f"choose one of: {known}")
    words = ["tail", "-n", str(whole_number("number", number)), *(["-F"] if follow else []), *files]
    result = context.run(shlex.join(words), warn=True)
    if result is not None and result.failed:
        raise Exit(code=int(ExitCode.INTERRUPTED if follow else ExitCode.ERROR))
