"""Documents as relaxed Extended JSON, byte for byte as mongoexport writes them.

Source of the forms: the Extended JSON v2 specification and mongoexport 100.18's output.
"""

import base64
import math
import re
from datetime import UTC, datetime
from typing import Any

import orjson
from bson import (
    Binary,
    Code,
    DatetimeMS,
    DBRef,
    Decimal128,
    Int64,
    MaxKey,
    MinKey,
    ObjectId,
    Regex,
    Timestamp,
)

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_APPEND_NEWLINE
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN_FROM, _PLAIN_BELOW = 1e-4, 1e6
"""Between these orjson and Go print a float alike; outside Go writes an exponent."""
_LINE_SEPARATORS = ((b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))
_REGEX_FLAGS = ((re.IGNORECASE, "i"), (re.LOCALE, "l"), (re.MULTILINE, "m"), (re.DOTALL, "s"))


def extended_line(document: dict[str, Any]) -> bytes:
    """Return the document as one line of relaxed Extended JSON."""
    line = orjson.dumps(_with_go_floats(document), default=_extended, option=_OPTIONS)
    if b"\xe2\x80" in line:
        for plain, escaped in _LINE_SEPARATORS:
            line = line.replace(plain, escaped)
    return line


def _with_go_floats(value: Any) -> Any:
    """Return the value with floats that Go prints differently replaced; others are left in place."""
    kind = type(value)
    if kind is float:
        return _float(value)
    if kind is dict:
        return {key: _with_go_floats(inner) for key, inner in value.items()}
    if kind is list:
        return [_with_go_floats(inner) for inner in value]
    return value


def _float(value: float) -> Any:
    if not math.isfinite(value):
        name = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return {"$numberDouble": name}
    if value == 0 or _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        return value
    return orjson.Fragment(_go_float(value).encode())


def _go_float(value: float) -> str:
    """Return Go's `FormatFloat(value, 'G', -1, 64)` of a large or small float: the shortest digits."""
    return f"{value:.{_shortest_digits(value)}E}"


def _shortest_digits(value: float) -> int:
    """Return how many digits after the first tell this float from its neighbours."""
    digits = repr(abs(value)).partition("e")[0].replace(".", "").lstrip("0").rstrip("0")
    return max(len(digits) - 1, 0)


def _extended(value: Any) -> Any:
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    raise TypeError(f"{type(value).__name__} has no Extended JSON form")


def _date(value: datetime) -> Any:
    if value < _EPOCH:
        return _milliseconds(round((value - _EPOCH).total_seconds() * 1000))
    fraction = f".{value.microsecond // 1000:03d}".rstrip("0").rstrip(".") if value.microsecond else ""
    return {"$date": f"{value:%Y-%m-%dT%H:%M:%S}{fraction}Z"}


def _milliseconds(value: int) -> Any:
    return {"$date": {"$numberLong": str(int(value))}}


def _binary(value: bytes) -> Any:
    subtype = value.subtype if isinstance(value, Binary) else 0
    return {"$binary": {"base64": base64.b64encode(value).decode(), "subType": f"{subtype:02x}"}}


def _regex(value: Any) -> Any:
    flags = "".join(letter for flag, letter in _REGEX_FLAGS if value.flags & flag)
    return {"$regularExpression": {"pattern": value.pattern, "options": flags}}


def _code(value: Code) -> Any:
    scope = {} if value.scope is None else {"$scope": _with_go_floats(dict(value.scope))}
    return {"$code": str(value)} | scope


_FORMS: tuple[tuple[Any, Any], ...] = (
    (ObjectId, lambda value: {"$oid": str(value)}),
    (datetime, _date),
    (DatetimeMS, _milliseconds),
    (Int64, lambda value: int(value)),
    (Decimal128, lambda value: {"$numberDecimal": str(value)}),
    (bytes, _binary),
    (Regex, _regex),
    (Timestamp, lambda value: {"$timestamp": {"t": value.time, "i": value.inc}}),
    (MinKey, lambda _: {"$minKey": 1}),
    (MaxKey, lambda _: {"$maxKey": 1}),
    (Code, _code),
    (DBRef, lambda value: _with_go_floats(dict(value.as_doc()))),
)
