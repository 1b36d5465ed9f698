"""One number for the content of a dataset: how many documents, and the XOR of their hashes.

XOR does not depend on the order, so that seeds that were killed and resumed compare equal to undisturbed
ones. Measured fields (latencies, a model's judgement) differ between runs and are left out.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_MEASURED = frozenset(("latency_seconds", "model_judge"))


@dataclass(frozen=True, slots=True)
class ContentHash:
    """Number of documents and the XOR of their SHA-256, hexadecimal."""

    documents: int
    sha256_xor: str


def document_hash(document: Mapping[str, Any]) -> int:
    """Return the SHA-256 of a document's canonical JSON without measured fields, as a number."""
    text = json.dumps(_unmeasured(document), ensure_ascii=False, sort_keys=True, default=_plain)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def content_hash(documents: Iterable[Mapping[str, Any]]) -> ContentHash:
    """Return the hash of a set of documents, in any order.

    Example:
        >>> content_hash([{"_id": "a"}, {"_id": "b"}]) == content_hash([{"_id": "b"}, {"_id": "a"}])
        True
    """
    count = combined = 0
    for document in documents:
        count += 1
        combined ^= document_hash(document)
    return ContentHash(count, f"{combined:064x}")


def combined(hashes: Iterable[ContentHash]) -> ContentHash:
    """Return the hash of the union of disjoint sets of documents."""
    count = total = 0
    for part in hashes:
        count += part.documents
        total ^= int(part.sha256_xor, 16)
    return ContentHash(count, f"{total:064x}")


def _unmeasured(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _unmeasured(inner) for name, inner in value.items() if name not in _MEASURED}
    return [_unmeasured(inner) for inner in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
