"""What the module `day23_dump` does."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from day23.domain.stack_context import StackContext
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.stack_settings import stack_settings
from day23.wiring.move_database import dump_database, load_database
from day23.wiring.progress import event_progress


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Write the database to a folder, or load it from there; check mode does neither."""
    context = stack_context(params)
    folder = context.repository / Path(params["folder"]).expanduser()
    if check_mode:
        return {"changed": True, "folder": str(folder)}
    act = _load if params["state"] == "loaded" else _dump
    return act(context, folder) | {"folder": str(folder)}


def _dump(context: StackContext, folder: Path) -> ModuleResult:
    with dump_database(stack_settings(context), folder, event_progress(context.paths, "dump")) as use_case:
        return {"changed": True, "summary": use_case.run().model_dump()}


def _load(context: StackContext, folder: Path) -> ModuleResult:
    with load_database(stack_settings(context), folder, event_progress(context.paths, "load")) as use_case:
        loaded = use_case.run()
    return {"changed": any(loaded.inserted.values()), "summary": asdict(loaded)}
