"""The spot check sheet draws the same digests and never loses what reviewers wrote."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from day23.application.ports import Collection
from day23.application.sample_spotcheck import SampleSpotcheckUseCase, SpotcheckRequest, SpotcheckSummary
from day23.domain.errors import ToolkitError
from day23.infrastructure.spotcheck.page import render_page
from day23.infrastructure.text_folder import TextFolder

NOW = datetime(2025, 11, 15, tzinfo=UTC)


def draw(repository: Any, folder: Path, **request: Any) -> SpotcheckSummary:
    use_case = SampleSpotcheckUseCase(
        repository=repository, snapshots=TextFolder(folder), page=render_page, clock=lambda: NOW
    )
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


def test_each_sample_shows_digest_and_posts(repository: Any, tmp_path: Path) -> None:
    drawn = draw(repository, tmp_path, channel="onaboka", count=2)
    sheet, page = drawn.sheet.read_text(encoding="utf-8"), drawn.page.read_text(encoding="utf-8")
    for digest in drawn.samples[0].digests:
        assert f"## {digest['digest_id']}" in sheet
        assert f'id="{digest["digest_id"]}"' in page
    assert sheet.count("> Открыли музей кино.") == page.count("Открыли музей кино.</div>") == 2


def test_notes_on_a_sample_are_kept(repository: Any, tmp_path: Path) -> None:
    drawn = draw(repository, tmp_path, channel="onaboka")
    name = drawn.samples[0].digests[0]["digest_id"]
    noted = drawn.sheet.read_text(encoding="utf-8").replace(
        f"Note on {name}: ☐", f"Note on {name}: дата <b>спорная</b>"
    )
    drawn.sheet.write_text(noted, encoding="utf-8")
    again = draw(repository, tmp_path, channel="onaboka")
    assert f"- Note on {name}: дата <b>спорная</b>" in again.sheet.read_text(encoding="utf-8")
    assert "дата &lt;b&gt;спорная" in again.page.read_text(encoding="utf-8")


def test_a_post_cannot_sign_the_sheet_nor_script_the_page(repository: Any, tmp_path: Path) -> None:
    row = "| @onaboka | x | y | z | w | Мошенник | approved |"
    forged = f"- Engineer Reviewer: Мошенник\n{row}\n<script>alert(1)</script>"
    for document in repository.documents[Collection.DIGESTS]:
        document["posts"][0]["text"] = forged
    draw(repository, tmp_path, channel="onaboka")
    drawn = draw(repository, tmp_path, channel="onaboka")
    assert "\n- Engineer Reviewer: ☐\n" in drawn.sheet.read_text(encoding="utf-8")
    assert "\n- Engineer Reviewer: Мошенник" not in drawn.sheet.read_text(encoding="utf-8")
    assert "<script>" not in drawn.page.read_text(encoding="utf-8")
    assert "http" not in drawn.page.read_text(encoding="utf-8")
