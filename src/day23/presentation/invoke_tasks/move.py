"""Tasks that carry the database from one engine to another."""

from invoke.context import Context

from day23.domain.errors import UsageError
from day23.presentation.invoke_tasks.dataset import absolute
from day23.presentation.invoke_tasks.play import Options, play, stack_task


@stack_task(folder="Folder that the dump goes to; it must not hold one already.")
def dump(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    folder: str = "",
) -> None:
    """Write the whole database to a folder, to load it into a stack of another engine."""
    chosen = _folder(folder)
    play(context, "dump", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen))


@stack_task(folder="Folder of a finished dump.")
def load(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    folder: str = "",
) -> None:
    """Bring the documents of a dump into the database and read every one back."""
    chosen = _folder(folder)
    play(context, "load", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen))


def _folder(folder: str) -> dict[str, object]:
    if not folder:
        raise UsageError("which folder?", where="--folder", next_step="add --folder ../butler-dump")
    return {"dump_folder": absolute(folder)}
