"""From what a server has to what it must have."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from day23.domain.database_layout import (
    CUSTOM_ROLES,
    INDEXES,
    CustomRole,
    DatabaseLayout,
    DatabaseUser,
    Grant,
    Index,
    Privilege,
)
from day23.domain.database_plan import Action, DatabaseChange, ObservedDatabase, ObservedUser, plan

GRANTS = st.builds(
    Grant, role=st.sampled_from(["read", "readWrite"]), db=st.sampled_from(["butler", "admin"])
)
USERS = st.lists(
    st.builds(
        DatabaseUser,
        name=st.sampled_from(["admin", "seeder", "exporter"]),
        roles=st.frozensets(GRANTS, max_size=2),
    ),
    unique_by=lambda user: user.name,
    max_size=3,
)
PRIVILEGES = st.builds(
    Privilege,
    collection=st.sampled_from(["a", "b"]),
    actions=st.frozensets(st.sampled_from(["find", "insert"])),
)
ROLES = st.lists(
    st.builds(CustomRole, name=st.sampled_from(["x", "y"]), privileges=st.frozensets(PRIVILEGES, max_size=2)),
    unique_by=lambda role: role.name,
    max_size=2,
)
INDEX_LISTS = st.lists(
    st.builds(
        Index,
        collection=st.sampled_from(["spans", "digests"]),
        keys=st.sampled_from([(("a", 1),), (("a", 1), ("b", -1))]),
        expire_after_seconds=st.none() | st.integers(1, 100),
    ),
    unique_by=lambda index: (index.collection, index.keys),
    max_size=3,
)
LAYOUTS = st.builds(
    DatabaseLayout,
    database=st.just("butler"),
    users=USERS.map(tuple),
    roles=ROLES.map(tuple),
    indexes=INDEX_LISTS.map(tuple),
)


def contents(layout: DatabaseLayout) -> ObservedDatabase:
    return ObservedDatabase(
        users={user.name: ObservedUser(user.roles, password_is_current=True) for user in layout.users},
        roles={role.name: role.privileges for role in layout.roles},
        indexes={(index.collection, index.keys): index.expire_after_seconds for index in layout.indexes},
    )


def applied(change: DatabaseChange, observed: ObservedDatabase) -> ObservedDatabase:
    target = change.target
    if isinstance(target, CustomRole):
        return replace(observed, roles={**observed.roles, target.name: target.privileges})
    if isinstance(target, Index):
        key = (target.collection, target.keys)
        return replace(observed, indexes={**observed.indexes, key: target.expire_after_seconds})
    known = observed.users.get(target.name, ObservedUser(target.roles, password_is_current=True))
    if change.action is Action.SET_CREDENTIALS:
        known = replace(known, password_is_current=True)
    if change.action is Action.SET_ROLES:
        known = replace(known, roles=target.roles)
    return replace(observed, users={**observed.users, target.name: known})


@given(wanted=LAYOUTS, present=LAYOUTS, stale=st.sets(st.sampled_from(["admin", "seeder"])))
def test_a_plan_leads_to_the_layout_from_anywhere_and_each_change_is_needed(
    wanted: DatabaseLayout, present: DatabaseLayout, stale: set[str]
) -> None:
    observed = contents(present)
    users = {
        name: replace(user, password_is_current=name not in stale) for name, user in observed.users.items()
    }
    observed = replace(observed, users=users)
    changes = plan(wanted, observed)
    for done, change in enumerate(changes):
        assert plan(wanted, observed) == changes[done:]
        observed = applied(change, observed)
    assert plan(wanted, observed) == ()


@given(layout=LAYOUTS)
def test_a_settled_server_needs_nothing(layout: DatabaseLayout) -> None:
    assert plan(layout, contents(layout)) == ()


def test_roles_come_before_the_users_that_have_them() -> None:
    tracer = DatabaseUser(name="tracer", roles=frozenset({Grant(role="spanWriter", db="butler")}))
    layout = DatabaseLayout("butler", (tracer,), CUSTOM_ROLES, INDEXES)
    assert [str(change) for change in plan(layout, ObservedDatabase())][:3] == [
        "create role spanWriter",
        "create role rulesKeeper",
        "create user tracer",
    ]
