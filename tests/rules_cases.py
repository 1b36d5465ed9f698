"""Sound documents and ways to break them, for every judge of the dataset's rules."""

import copy
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from day23.domain.dataset_documents import digest_document, report_document, with_review_latency
from day23.domain.seed_plan import plan_day

DAY = datetime(2025, 11, 15, tzinfo=UTC)
DIGEST = "## Главное за день\n\n- Рубль вырос.\n- Открыли музей.\n- Завтра снег."
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


def changed(place: tuple[str, tuple[Any, ...]], value: Any, drop: bool) -> tuple[str, dict[str, Any]]:
    """Return the collection and its sound document with one field replaced or left out."""
    name, path = place
    document = copy.deepcopy(DOCUMENTS[name])
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    if drop:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return name, document
