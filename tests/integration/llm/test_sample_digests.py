"""Digests of real channels: what every one of them must be."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime

import pytest

from day23.domain.quality import measure
from day23.domain.russian_text import cyrillic_share
from day23.domain.summarisation import DIGEST_HEADING, summarise
from samples import SAMPLES, WITHOUT_SAMPLES

CHANNELS = ("habr", "mash", "moscow_live", "naked_science", "topor_hot")

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=WITHOUT_SAMPLES)


def posts_by_day(channel: str) -> dict[date, list[str]]:
    export = json.loads((SAMPLES / "telegram" / channel / "result.json").read_text(encoding="utf-8"))
    days: dict[date, list[str]] = defaultdict(list)
    for message in export["messages"]:
        text = "".join(entity["text"] for entity in message.get("text_entities", []))
        if text.strip():
            days[datetime.fromtimestamp(int(message["date_unixtime"]), UTC).date()].append(text)
    return dict(sorted(days.items())[-30:])


@pytest.mark.parametrize("channel", CHANNELS)
def test_thirty_real_days_are_told_truly_in_russian_and_without_footers(channel: str) -> None:
    days = posts_by_day(channel)
    assert len(days) == 30
    for posts in days.values():
        digest = summarise(posts)
        assert digest.startswith(f"{DIGEST_HEADING}\n\n- ")
        assert measure("\n\n".join(posts), digest).accuracy == 1
        assert cyrillic_share(digest) > 0.7
        assert not any(footer in digest for footer in ("Подписывайся", "Подписаться", "#реклама"))
