"""Let a running Grafana take the password that the stack's secret says."""

from typing import Protocol

from day23.domain.errors import ToolkitError


class GrafanaAccount(Protocol):
    """The administrator's account of one Grafana."""

    def is_listening(self) -> bool:
        """Tell whether Grafana answers now."""
        ...

    def wait_until_listening(self, within: float) -> None:
        """Raise `ToolkitError` unless Grafana answers within `within` seconds."""
        ...

    def accepts(self, password: str) -> bool:
        """Tell whether the administrator may log in with `password`."""
        ...

    def change(self, old: str, new: str) -> None:
        """Give the administrator another password."""
        ...


class PasswordMemory(Protocol):
    """The password that Grafana is to take, and the one that it took last."""

    def wanted(self) -> str:
        """Return the password of the secret."""
        ...

    def taken(self) -> str | None:
        """Return the password that Grafana took last; None before the first time."""
        ...

    def remember(self, password: str) -> None:
        """Remember the password that Grafana took."""
        ...


class SettleGrafana:
    """Grafana reads its password file on the first start only; a later change has to be told to it.

    The former password is forgotten only after Grafana took the new one, so a run that was killed between
    the two is finished by the next one.

    Args:
        account: The administrator's account.
        memory: The two passwords.
        database: What to delete when nobody knows the password any more; it holds nothing that files do not.
    """

    def __init__(self, account: GrafanaAccount, memory: PasswordMemory, database: str) -> None:
        self._account = account
        self._memory = memory
        self._database = database

    def predict(self) -> bool:
        """Return whether `run` would change the password; a Grafana that is not there takes the new one."""
        return self._account.is_listening() and not self._account.accepts(self._memory.wanted())

    def run(self, within: float) -> bool:
        """Settle the password, waiting up to `within` seconds for Grafana; return whether it was changed.

        Raises:
            ToolkitError: Grafana does not answer, or takes neither the new password nor the former one.
        """
        self._account.wait_until_listening(within)
        wanted, taken = self._memory.wanted(), self._memory.taken()
        is_settled = self._account.accepts(wanted)
        if not is_settled:
            if taken is None or not self._account.accepts(taken):
                raise self._locked_out()
            self._account.change(taken, wanted)
        if taken != wanted:
            self._memory.remember(wanted)
        return not is_settled

    def _locked_out(self) -> ToolkitError:
        return ToolkitError(
            "Grafana takes neither the password of the secret grafana_password nor the one before it",
            where=self._database,
            next_step="make day-23-down, delete that file (it is made anew), make day-23-up",
        )
