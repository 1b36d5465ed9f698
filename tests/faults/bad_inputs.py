"""Values that break careless programs, and documents and messages that hold them."""

import copy
import math
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

NAUGHTY = (
    "",
    " ",
    "\x00",
    "\ufeff",
    "\u2028\u2029",
    "\u202e\u200b",
    "\ud800",
    "text \udfff",
    "undefined",
    "null",
    "NaN",
    "$where",
    "a.b",
    "__proto__",
    "'; DROP TABLE digests; --",
    "../../etc/passwd",
    "%s%n{0}${HOME}",
    "<script>alert(1)</script>",
    "Ω≈ç√∫˜µ≤≥÷",
    "👩‍👩‍👧‍👦",
    "Z\u0351\u036b\u0343\u036a\u0302",
    "Я" * 20_000,
)
NUMBERS = (math.nan, math.inf, -math.inf, -0.0, 1e308, 5e-324, -1, 0, 2**31, 2**63 - 1, 2**63, 2**200)
MOMENTS = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), datetime(2025, 11, 15))  # noqa: DTZ001


def nested(depth: int) -> Any:
    """Return lists and mappings in each other."""
    value: Any = "deep"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.binary(max_size=20),
    st.sampled_from((*NAUGHTY, *NUMBERS)),
)
_storable = st.recursive(
    _leaves.filter(lambda leaf: not isinstance(leaf, bytes)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
) | st.sampled_from((50, 100, 150)).map(nested)
json_values = _storable | st.just(900).map(nested)
"""What a JSON file may hold; MongoDB refuses more than 180 levels."""
values = _storable | _leaves | st.sampled_from(MOMENTS)


@st.composite
def spoilt(draw: st.DrawFn, sound: dict[str, Any], value: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Return a sound document in which one to three fields, at any depth, hold something else or are gone."""
    document = copy.deepcopy(sound)
    for _ in range(draw(st.integers(1, 3))):
        place: Any = document
        key = draw(st.sampled_from(sorted(place)))
        while isinstance(place[key], (dict, list)) and place[key] and draw(st.booleans()):
            place = place[key]
            choices = sorted(place) if isinstance(place, dict) else list(range(len(place)))
            key = draw(st.sampled_from(choices))
        if isinstance(place, dict) and draw(st.integers(0, 4)) == 0 and len(place) > 1:
            del place[key]
        else:
            place[key] = draw(value)
    return document
