"""The words people type: `invoke --list`. Each task names a playbook and its variables, nothing more."""

from copy import deepcopy
from typing import Any

from invoke.collection import Collection
from invoke.tasks import Task

from day23.presentation.invoke_tasks import dataset, images, move, stack, verdicts

_DAY23: tuple[Task[Any], ...] = (
    *(stack.check, stack.fetch, stack.up, stack.status, stack.logs, stack.down),
    *(images.lock, move.dump, move.load),
    *(dataset.seed, dataset.verify, dataset.export, dataset.verify_export),
    *(verdicts.benchmark, verdicts.run),
)
_TOP_LEVEL: dict[str, Task[Any]] = {"day-23-up": stack.up, "day-12-up": stack.up, "day-23-down": stack.down}
"""The seeds' own words for the same tasks."""


def make_namespace(project: str) -> Collection:
    """Return the root collection: `day23.*` and the seeds' top-level words.

    Invoke empties a task's help texts when it reads them, so every name gets a task of its own.

    Args:
        project: The checkout whose playbooks the tasks run.
    """
    day23 = Collection("day23")
    for task in _DAY23:
        day23.add_task(deepcopy(task))
    root = Collection(day23)
    for name, task in _TOP_LEVEL.items():
        root.add_task(deepcopy(task), name=name)
    root.configure({"day23": {"project": project}})
    return root
