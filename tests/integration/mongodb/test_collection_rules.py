"""The dataset's rules as MongoDB knows them agree with the models."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.errors import WriteError

from day23.domain.benchmark_dataset import violations
from day23.domain.collection_rules import collection_validator
from rules_cases import DOCUMENTS, PLACES, VALUES, changed

VALIDATION_FAILED = 121


@pytest.fixture
def accepts(database: Any) -> Callable[[str, dict[str, Any]], bool]:
    for name in DOCUMENTS:
        database.client[database.name].create_collection(name, validator=collection_validator(name))

    def insert(name: str, document: dict[str, Any]) -> bool:
        database.collection(name).delete_many({})
        try:
            database.collection(name).insert_one(document)
        except WriteError as error:
            if error.code != VALIDATION_FAILED:
                raise
            return False
        return True

    return insert


@pytest.mark.parametrize("name", DOCUMENTS)
def test_sound_documents_are_accepted(name: str, accepts: Any) -> None:
    assert violations(DOCUMENTS[name], name) == ()
    assert accepts(name, copy.deepcopy(DOCUMENTS[name]))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), value=VALUES, drop=st.booleans())
def test_mongodb_refuses_what_breaks_the_shape_and_nothing_else(
    place: tuple[str, tuple[Any, ...]], value: Any, drop: bool, accepts: Any
) -> None:
    name, document = changed(place, value, drop)
    broken = any(violation.is_structural for violation in violations(document, name))
    assert accepts(name, document) is not broken
