"""What the module `day23_mongodb` does."""

from collections.abc import Mapping
from typing import Any

from day23.domain.database_layout import CUSTOM_ROLES, INDEXES, DatabaseLayout, DatabaseUser
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.mongodb import settle_mongodb


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Settle MongoDB, or in check mode say what that would change."""
    layout = DatabaseLayout(
        database=params["database"],
        users=tuple(DatabaseUser.model_validate(user) for user in params["users"]),
        roles=CUSTOM_ROLES,
        indexes=INDEXES,
    )
    with settle_mongodb(stack_context(params), params["port"], params["replica_set"], layout) as use_case:
        changes = use_case.predict() if check_mode else use_case.run(params["within"])
    return {
        "changed": bool(changes),
        "changes": list(changes),
        "diff": {"prepared": "".join(f"{change}\n" for change in changes)},
    }
