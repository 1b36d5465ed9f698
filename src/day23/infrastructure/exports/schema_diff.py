"""How two versions of a record schema differ, as people read it."""

import difflib
from typing import Any

import orjson

from day23.infrastructure.exports.record_schema import RecordSchema

_CONTEXT_LINES = 2


def schema_diff(exported: dict[str, Any], committed: RecordSchema) -> str:
    """Return a unified diff from the export's schema to the committed one; empty when they are equal."""
    lines = difflib.unified_diff(
        _lines(exported),
        _lines(committed.snapshot),
        fromfile=f"the export: {exported.get('$id', 'no id')}",
        tofile=f"committed: config/schemas/{committed.path.name}",
        lineterm="",
        n=_CONTEXT_LINES,
    )
    return "\n".join(lines)


def _lines(schema: dict[str, Any]) -> list[str]:
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode().splitlines()
