"""Stop the whole stack, and remove its files when asked."""

from dataclasses import dataclass

from day23.application.ports import ServiceEngine
from day23.application.service_ports import StackState
from day23.domain.errors import ToolkitError


@dataclass(frozen=True, slots=True)
class Stopped:
    """What `down` did, or in check mode would do.

    Attributes:
        services: Those that ran, by name.
        purged: Folders that were removed.
    """

    services: tuple[str, ...]
    purged: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything ran or was removed."""
        return bool(self.services or self.purged)


class StopStack:
    """Stops all services at the same time.

    The order does not matter: what a service logs while it ends is in its log file, and the collector
    goes on from its checkpoint at the next start.
    """

    def __init__(self, engine: ServiceEngine, state: StackState) -> None:
        self._engine = engine
        self._state = state

    def run(self, *, purge: bool = False, check_mode: bool = False) -> Stopped:
        """Stop everything; `purge` removes data, configuration, secrets and logs afterwards.

        Raises:
            ToolkitError: Something could not be removed.
        """
        observed = self._engine.observe()
        services = tuple(sorted(name for name, one in observed.items() if one.pid is not None))
        folders = tuple(str(folder) for folder in self._state.present()) if purge else ()
        if not check_mode:
            self._engine.shutdown()
            if purge:
                self._purge()
        return Stopped(services, folders)

    def _purge(self) -> None:
        self._state.purge()
        left = self._state.present()
        if left:
            raise ToolkitError(
                "some files of the stack could not be removed",
                where=", ".join(map(str, left)),
                next_step="remove them as the user who owns them",
            )
