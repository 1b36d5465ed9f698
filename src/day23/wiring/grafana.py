"""Wiring of Grafana's account."""

from day23.application.settle_grafana import SettleGrafana
from day23.domain.stack_context import StackContext
from day23.infrastructure.grafana.account import AdministratorAccount, PasswordFiles


def settle_grafana(context: StackContext, port: int) -> SettleGrafana:
    """Build the use case that lets the stack's Grafana take the password of its secret."""
    account = AdministratorAccount(f"{context.bind}:{port}")
    database = context.paths.data / "grafana" / "grafana.db"
    return SettleGrafana(account, PasswordFiles(context.paths), str(database))
