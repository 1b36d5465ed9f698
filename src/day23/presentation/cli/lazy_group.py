"""A group of commands that imports only the one that is called."""

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """Commands by name, each as `module:attribute`.

    Args:
        lazy: Where each command is to be found.
    """

    def __init__(self, name: str, lazy: Mapping[str, tuple[str, str]], help_text: str) -> None:
        super().__init__(name, help=help_text)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, sorted."""
        return sorted({*super().list_commands(ctx), *self._lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported now."""
        place = self._lazy.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(place[0]), place[1])
        return command if isinstance(command, click.Command) else None
