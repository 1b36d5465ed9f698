"""Parameters that the dataset modules share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.domain.stack_context import StackContext
from day23.presentation.modules.stack_settings import stack_settings
from day23.settings import Settings


def dataset_settings(context: StackContext, params: Mapping[str, Any]) -> Settings:
    """Return the stack's settings with the module's dataset folder, absolute."""
    folder = context.repository / Path(params["dataset_dir"]).expanduser()
    return stack_settings(context).model_copy(update={"benchmark_dataset_dir": folder})


def folder_of(context: StackContext, params: Mapping[str, Any], name: str) -> Path | None:
    """Return a folder parameter, absolute; None when it was left out."""
    given = params[name]
    return context.repository / Path(given).expanduser() if given else None
