"""Where the evidence of a seeded dataset lives."""

from datetime import UTC, datetime

CHANNEL_COUNTS = "channel_counts.json"
DATASET_AUDIT = "dataset_audit.json"
SPOTCHECK = "ru_spotcheck.md"
SPOTCHECK_PAGE = "ru_spotcheck.html"
REJECTS = "rejects.jsonl"
SEED_RECORD = "seed.json"


def snapshot_name(now: datetime, file_name: str) -> str:
    """Return `snapshots/<UTC date>/<file>`, relative to the dataset folder."""
    return f"snapshots/{now.astimezone(UTC):%Y-%m-%d}/{file_name}"
