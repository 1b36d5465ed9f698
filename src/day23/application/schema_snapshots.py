"""The JSON Schemas of what the dataset leaves for others to read, made from the models that write it."""

import json
from collections.abc import Mapping

from pydantic import BaseModel

from day23.application.seed_summary import ChannelCounts
from day23.application.verify_dataset import DatasetAudit
from day23.domain.benchmark_dataset import MODELS
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.collection_rules import JSON_SCHEMA_DIALECT, Schema, document_schema
from day23.domain.evidence_manifest import EvidenceManifest
from day23.domain.export_manifest import ExportManifest, SchemaValidation

ARTEFACTS: Mapping[str, type[BaseModel]] = {
    "benchmark_result": BenchmarkResult,
    "channel_counts": ChannelCounts,
    "dataset_audit": DatasetAudit,
    "evidence_manifest": EvidenceManifest,
    "manifest": ExportManifest,
    "schema_validation": SchemaValidation,
}
"""The model of each artefact by the name of its file without `.json`."""


def snapshots() -> dict[str, str]:
    """Return every schema's text by its file name below `config/schemas`.

    Documents first (`digests.document.schema.json`), then artefacts (`dataset_audit.schema.json`).
    """
    documents = {f"{name}.document.schema.json": document_schema(name) for name in MODELS}
    artefacts = {f"{name}.schema.json": _artefact_schema(model) for name, model in ARTEFACTS.items()}
    return {name: _text(schema) for name, schema in (documents | artefacts).items()}


def _artefact_schema(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": JSON_SCHEMA_DIALECT} | schema


def _text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"
