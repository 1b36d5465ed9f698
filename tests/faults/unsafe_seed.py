"""A seed without its safeties, to show that the crash test would notice: done is noted before it is done."""

from collections.abc import Mapping, Sequence

from day23.application.ports import Collection, Document
from day23.infrastructure.mongo.benchmark_repository import MongoBenchmarkRepository
from day23.presentation.cli.command import run_command
from day23.presentation.cli.seed_benchmark_data import seed_benchmark_data


def _note_then_insert(
    self: MongoBenchmarkRepository, collection: Collection, documents: Sequence[Document]
) -> int:
    notes = [{"_id": f"{document['_id']}", "provenance": document["provenance"]} for document in documents]
    if notes:
        self._database["notes"].insert_many(notes)
    for document in documents:
        self._database[collection].insert_one(dict(document))
    return len(documents)


def _noted(self: MongoBenchmarkRepository, _: Collection, ids: Sequence[str]) -> Mapping[str, str]:
    found = self._database["notes"].find({"_id": {"$in": list(ids)}})
    return {note["_id"]: note["provenance"] for note in found}


MongoBenchmarkRepository.insert_missing = _note_then_insert  # type: ignore[method-assign]
MongoBenchmarkRepository.provenances = _noted  # type: ignore[method-assign]
run_command(seed_benchmark_data)
