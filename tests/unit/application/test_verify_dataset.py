"""Verification fails when days or fields are missing, and names them."""

import json
from pathlib import Path
from typing import Any

import pytest

from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection
from day23.application.verify_dataset import (
    VerifyDatasetUseCase,
    VerifyRequest,
    VerifySummary,
)
from day23.domain.errors import ToolkitError
from day23.infrastructure.text_folder import TextFolder

REQUEST = VerifyRequest(channels=("onaboka", "@ctorecords"))


def verify(repository: Any, folder: Path, request: VerifyRequest = REQUEST) -> VerifySummary:
    snapshots = TextFolder(folder)
    return VerifyDatasetUseCase(
        repository=repository, snapshots=snapshots, telemetry=NullTelemetry()
    ).execute(request)


def test_a_complete_dataset_passes(repository: Any, tmp_path: Path) -> None:
    summary = verify(repository, tmp_path)
    summary.raise_failures()
    audit = json.loads(summary.report.read_text(encoding="utf-8"))
    assert audit["passed"] is True
    assert [channel["digest_days"] for channel in audit["channels"]] == [30, 30]


def test_a_lost_digest_is_named_by_channel_and_day(repository: Any, tmp_path: Path) -> None:
    lost = repository.documents[Collection.DIGESTS].pop(3)
    summary = verify(repository, tmp_path)
    with pytest.raises(ToolkitError, match=f"@onaboka: 29 of 30 days .* none on {lost['created_at'].date()}"):
        summary.raise_failures()
    assert json.loads(summary.report.read_text(encoding="utf-8"))["passed"] is False


def test_two_documents_of_one_day_do_not_make_two_days(repository: Any, tmp_path: Path) -> None:
    documents = repository.documents[Collection.REVIEW_REPORTS]
    documents[0] = documents[1] | {"_id": "another"}
    assert "29 of 30 days have review reports" in verify(repository, tmp_path).failures()[0]


def test_a_broken_field_is_named(repository: Any, tmp_path: Path) -> None:
    repository.documents[Collection.DIGESTS][0]["latency_seconds"] = -1.0
    (failure,) = verify(repository, tmp_path).failures()
    assert "latency_seconds" in failure
    assert "got -1.0" in failure


def test_a_dataset_that_changes_between_the_reads_fails(repository: Any, tmp_path: Path) -> None:
    reads: list[str] = []
    find = repository.find

    def losing(collection: Collection, query: Any) -> Any:
        reads.append(collection)
        yield from list(find(collection, query))[1 if len(reads) > 4 else 0 :]

    repository.find = losing
    summary = verify(repository, tmp_path)
    assert not summary.audit.passed
    assert summary.failures() == ("two reads of the dataset differ: something is writing to it",)


def test_a_shorter_window_can_be_asked_for(repository: Any, tmp_path: Path) -> None:
    summary = verify(repository, tmp_path, VerifyRequest(("onaboka",), days=7, minimum=7))
    assert summary.failures() == ()
    assert summary.audit.days_window == 7


def test_the_minimum_can_be_missed_without_a_missing_day(repository: Any, tmp_path: Path) -> None:
    (failure,) = verify(repository, tmp_path, VerifyRequest(("onaboka",), days=7)).failures()
    assert "7 of 30 days have digests" in failure


def test_without_a_seed_there_is_nothing_to_verify(repository: Any, tmp_path: Path) -> None:
    repository.recorded = None
    with pytest.raises(ToolkitError, match="no dataset has been seeded"):
        verify(repository, tmp_path)


def test_the_content_hash_knows_every_field_but_not_the_latency(repository: Any, tmp_path: Path) -> None:
    first = verify(repository, tmp_path).audit
    documents = repository.documents[Collection.DIGESTS]
    documents[0]["latency_seconds"] = 9.5
    assert verify(repository, tmp_path).audit.content_sha256_xor == first.content_sha256_xor
    documents[0]["posts"][0]["text"] = "Другой текст."
    assert verify(repository, tmp_path).audit.content_sha256_xor != first.content_sha256_xor
    assert first.documents == 120
