"""The spot check sheet draws the same digests and never loses what reviewers wrote."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from day23.application.ports import Collection
from day23.application.sample_spotcheck import SampleSpotcheckUseCase, SpotcheckRequest, SpotcheckSummary
from day23.domain.errors import ToolkitError
from day23.infrastructure.text_folder import TextFolder

NOW = datetime(2025, 11, 15, tzinfo=UTC)


def draw(repository: Any, folder: Path, **request: Any) -> SpotcheckSummary:
    use_case = SampleSpotcheckUseCase(repository=repository, snapshots=TextFolder(folder), clock=lambda: NOW)
    return use_case.execute(SpotcheckRequest(**request))


def test_sample_is_drawn_by_its_seed(repository: Any, tmp_path: Path) -> None:
    first = draw(repository, tmp_path).samples[0].digests
    assert len(first) == 5
    assert draw(repository, tmp_path).samples[0].digests == first
    assert draw(repository, tmp_path, seed="another").samples[0].digests != first


def test_sheet_has_a_row_per_channel_and_two_signatures(repository: Any, tmp_path: Path) -> None:
    draw(repository, tmp_path, channel="onaboka")
    sheet = draw(repository, tmp_path, channel="@ctorecords", count=2).sheet.read_text(encoding="utf-8")
    assert "| @onaboka | @onaboka-2025" in sheet
    assert "✅ 2/2 | ✅ 2/2 | ✅ 2/2 | ☐ | ☐ |" in sheet
    assert "- Engineer Reviewer: ☐\n- Analyst Reviewer: ☐\n" in sheet


def test_sign_off_is_kept_as_long_as_the_sample_is_the_same(repository: Any, tmp_path: Path) -> None:
    path = draw(repository, tmp_path, channel="onaboka").sheet
    filled = path.read_text(encoding="utf-8").replace("| ☐ | ☐ |", "| Мария П. | approved |")
    path.write_text(filled.replace("Engineer Reviewer: ☐", "Engineer Reviewer: И. Котов"), encoding="utf-8")
    again = draw(repository, tmp_path, channel="onaboka").sheet.read_text(encoding="utf-8")
    assert "| Мария П. | approved |" in again
    assert "Engineer Reviewer: И. Котов" in again
    other = draw(repository, tmp_path, channel="onaboka", count=3).sheet.read_text(encoding="utf-8")
    assert "Мария П." not in other


def test_foreign_text_is_ticked_off(repository: Any, tmp_path: Path) -> None:
    for document in repository.documents[Collection.DIGESTS]:
        document["summary_markdown"] = "English only"
    assert "❌ 0/5" in draw(repository, tmp_path).sheet.read_text(encoding="utf-8")


def test_an_unknown_channel_is_refused(repository: Any, tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="@nobody has no digests"):
        draw(repository, tmp_path, channel="nobody")
