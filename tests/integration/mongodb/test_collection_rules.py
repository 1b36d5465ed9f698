"""The dataset's rules as MongoDB knows them agree with the models."""

import copy
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.errors import WriteError

from day23.domain.benchmark_dataset import violations
from day23.domain.collection_rules import collection_validator
from day23.domain.dataset_documents import digest_document, report_document, with_review_latency
from day23.domain.seed_plan import plan_day

DAY = datetime(2025, 11, 15, tzinfo=UTC)
DIGEST = "## Главное за день\n\n- Рубль вырос.\n- Открыли музей.\n- Завтра снег."
VALIDATION_FAILED = 121
FLAGS = {"enable_quality_evaluation": True}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.0, -0.5, 0.5, 1.5, math.nan, math.inf, -math.inf]),
    st.sampled_from(["", " ", "\u00a0\u200b", "@habr", "@habr\n", "ru", "telegram", "Текст", "a" * 64]),
    st.sampled_from([DAY, DAY + timedelta(days=9)]),
    st.lists(st.just({"title": "Пост"}), max_size=1),
    st.just({}),
    st.just({"a": True}),
    st.just({"a": 1}),
)


def sound() -> dict[str, dict[str, Any]]:
    digest = digest_document(plan_day("habr", DAY.date(), ()), DIGEST, "test-model", 0.5, FLAGS)
    return {"digests": digest, "review_reports": with_review_latency(report_document(digest), 0.1)}


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        entries = list(value.items())
    else:
        entries = list(enumerate(value)) if isinstance(value, list) else []
    for key, inner in entries:
        yield (*path, key)
        yield from paths(inner, (*path, key))


DOCUMENTS = sound()
PLACES = [(name, path) for name in DOCUMENTS for path in paths(DOCUMENTS[name]) if path != ("_id",)]


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
    name, path = place
    document = copy.deepcopy(DOCUMENTS[name])
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    if drop:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    broken = any(violation.is_structural for violation in violations(document, name))
    assert accepts(name, document) is not broken
