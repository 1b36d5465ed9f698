"""The dataset's rules as schemas: JSON Schema for files, `$jsonSchema` for MongoDB; both from the models.

A schema knows a document's shape: fields, types, ranges, patterns. What takes reading (is it Russian, does
the time lie inside the day) is known to `violations` alone, which therefore refuses all that a schema
refuses, and more.
"""

from collections.abc import Mapping
from sys import float_info
from typing import Any

from day23.domain.benchmark_dataset import MODELS

Schema = dict[str, Any]

JSON_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_BSON_TYPES: Mapping[str, list[str]] = {
    "string": ["string"],
    "number": ["double", "int", "long"],
    "integer": ["int", "long"],
    "boolean": ["bool"],
    "object": ["object"],
    "array": ["array"],
    "null": ["null"],
}
_TAKEN_OVER = ("required", "minLength", "minItems", "minProperties", "minimum", "maximum", "enum")


def document_schema(collection: str) -> Schema:
    """Return the JSON Schema of a collection's documents, dates as RFC 3339 text."""
    model = MODELS[collection]
    return {"$schema": JSON_SCHEMA_DIALECT} | model.model_json_schema(by_alias=True)


def collection_validator(collection: str) -> Schema:
    """Return MongoDB's validator of a collection.

    MongoDB speaks draft 4 with BSON types, without references, defaults and formats.
    """
    schema = MODELS[collection].model_json_schema(by_alias=True)
    return {"$jsonSchema": _for_mongodb(schema, schema.get("$defs", {}))}


def _for_mongodb(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    if "$ref" in schema:
        return _for_mongodb(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    result: Schema = {name: schema[name] for name in _TAKEN_OVER if name in schema}
    if "type" in schema:
        result["bsonType"] = ["date"] if schema.get("format") == "date-time" else _BSON_TYPES[schema["type"]]
    if "const" in schema:
        result["enum"] = [schema["const"]]
    return result | _limits(schema) | _pattern(schema) | _inner(schema, definitions)


def _limits(schema: Schema) -> Schema:
    """Return the limits as draft 4 writes them; a number without an upper one must still be finite."""
    limits: Schema = {}
    if "exclusiveMinimum" in schema:
        limits |= {"minimum": schema["exclusiveMinimum"], "exclusiveMinimum": True}
    if schema.get("type") == "number" and "maximum" not in schema:
        limits["maximum"] = float_info.max
    return limits


def _pattern(schema: Schema) -> Schema:
    """Return the pattern; `$` would let a line end pass, `\\z` does not."""
    pattern = schema.get("pattern")
    if pattern is None:
        return {}
    return {"pattern": f"{pattern[:-1]}\\z" if pattern.endswith("$") else pattern}


def _inner(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    inner: Schema = {}
    if "properties" in schema:
        inner["properties"] = {
            name: _for_mongodb(part, definitions) for name, part in schema["properties"].items()
        }
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            inner[name] = _for_mongodb(schema[name], definitions)
    if "anyOf" in schema:
        inner["anyOf"] = [_for_mongodb(part, definitions) for part in schema["anyOf"]]
    return inner
