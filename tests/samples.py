"""Genuine Telegram exports that the tests use where they are: no part of the repository."""

import os
from pathlib import Path

SAMPLES = Path(os.environ.get("DAY23_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "samples")
"""Beside the checkout, or wherever `DAY23_SAMPLES` says."""
WITHOUT_SAMPLES = "the sample exports are not on this host"
