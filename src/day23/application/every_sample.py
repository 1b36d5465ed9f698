"""All samples or none: one message that counts those that cannot be used, and names the first."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from day23.domain.errors import ToolkitError

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def of_every(make: Callable[[_Item], _Made], items: Iterable[_Item]) -> tuple[_Made, ...]:
    """Return what is made of every item.

    Raises:
        ToolkitError: Nothing can be made of some; says of how many.
    """
    made, errors = [], []
    for item in items:
        try:
            made.append(make(item))
        except ToolkitError as error:
            errors.append(error)
    if errors:
        raise _counted(errors, len(made) + len(errors))
    return tuple(made)


def _counted(errors: list[ToolkitError], samples: int) -> ToolkitError:
    first, more = errors[0], len(errors) - 1
    what = f"{first.what}; {more} more of {samples} samples cannot be used" if more else first.what
    return ToolkitError(what, where=first.where, next_step=first.next_step)
