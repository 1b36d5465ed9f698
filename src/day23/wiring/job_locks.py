"""The locks of jobs that one run at a time does; commands take them before they import what the job needs."""

from contextlib import AbstractContextManager
from pathlib import Path

from day23.application.export_store import ExportTarget
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.locks import exclusive_lock, reserved_lock
from day23.settings import Settings

_SEED = "seed the dataset"


def seed_lock(settings: Settings) -> AbstractContextManager[None]:
    """Hold the seeding of a stack; entering raises LockedError where another run does."""
    return exclusive_lock(_seed_lock_file(settings), _SEED)


def reserved_seed(settings: Settings) -> AbstractContextManager[None]:
    """Hold the seeding of a stack for the `seed_lock` inside; entering raises LockedError likewise."""
    return reserved_lock(_seed_lock_file(settings), _SEED)


def reserved_export(target: ExportTarget) -> AbstractContextManager[None]:
    """Hold a place for the export inside; entering raises LockedError where another run does."""
    return reserved_lock(target.lock, target.purpose)


def _seed_lock_file(settings: Settings) -> Path:
    return StackPaths(settings.stack_root).run / "seed.lock"
