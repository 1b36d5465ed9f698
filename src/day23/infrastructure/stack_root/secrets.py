"""The secrets that every stack needs, whichever services are in the play."""

from collections.abc import Sequence

from day23.infrastructure.secret_store import SecretStore


class StackSecrets:
    """Makes the secrets that are missing; a `PreparationStep`."""

    def __init__(self, store: SecretStore, names: Sequence[str]) -> None:
        self._store = store
        self._names = tuple(names)

    def pending(self) -> Sequence[str]:
        """Return the secrets to make, by name."""
        return [f"make secret {name}" for name in self._store.missing(self._names)]

    def apply(self) -> Sequence[str]:
        """Make them."""
        return [f"make secret {name}" for name in self._store.ensure(self._names)]
