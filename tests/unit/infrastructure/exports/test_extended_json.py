"""Stored values on which exporters differ, beside what mongoexport wrote for them.

`mongoexport_values.jsonl` is mongoexport's own output (Extended JSON, relaxed mode, version 100.18) for a
collection that holds these values by these names.
"""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import bson
import orjson
import pytest
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
from bson.codec_options import CodecOptions, DatetimeConversion

from day23.infrastructure.exports.extended_json import extended_line

MONGOEXPORT = Path(__file__).with_name("mongoexport_values.jsonl")
CODEC = CodecOptions(tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO)
VALUES = {
    "object id": ObjectId("65f0c0ffee00112233445566"),
    "int32": 2**31 - 1,
    "int64": Int64(2**62),
    "negative": -7,
    "decimal": Decimal128("0.10"),
    "binary": Binary(b"\x00\xff"),
    "uuid": Binary.from_uuid(UUID("00112233-4455-6677-8899-aabbccddeeff")),
    "regex": Regex("^a/b", "im"),
    "timestamp": Timestamp(1763200800, 7),
    "min key": MinKey(),
    "max key": MaxKey(),
    "code": Code("return 1 < 2"),
    "code with scope": Code("x", {"x": 1}),
    "reference": DBRef("digests", 1),
    "null": None,
    "booleans": [True, False],
    "control characters": "\x00\x01\t\n\x1f\x7f",
    "emoji": "👩‍👩‍👧‍👦",
    "markup": '<a href="x">&</a>/\\',
    "line separators": "a\u2028b\u2029c",
    "tenth": 0.1,
    "whole double": 6.0,
    "negative zero": -0.0,
    "large double": 1e21,
    "million": 1234567.0,
    "small double": 1e-7,
    "smallest double": 5e-324,
    "precise double": 123456789.123456789,
    "not a number": float("nan"),
    "infinities": [float("inf"), float("-inf")],
    "date": datetime(2025, 11, 15, 12, 0, 0, 120_000, UTC),
    "whole second": datetime(2025, 11, 15, 12, tzinfo=UTC),
    "date before 1970": datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
    "date after 9999": DatetimeMS(253402300800000),
    "nested": {"a": [{"b": 1e22}, []], "c": {}},
}
WRITTEN = {orjson.loads(line)["_id"]: line for line in MONGOEXPORT.read_bytes().splitlines(keepends=True)}


def test_the_table_is_complete():
    assert list(WRITTEN) == list(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_written_byte_for_byte_as_mongoexport_does(name):
    stored = bson.decode(bson.encode({"_id": name, "value": VALUES[name]}), CODEC)
    assert extended_line(stored) == WRITTEN[name]
