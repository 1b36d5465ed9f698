"""Use case TL-01: draw digests for the Russian spot check and keep the reviewers' sheet."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from day23.application.dataset_ports import TextFiles
from day23.application.ports import BenchmarkRepository, Collection, DatasetQuery, Document
from day23.application.snapshot_folder import SPOTCHECK, snapshot_name
from day23.domain.benchmark_dataset import violations
from day23.domain.channel import canonical, handle
from day23.domain.errors import ToolkitError
from day23.domain.russian_localisation import MINIMUM_RUSSIAN_SHARE
from day23.domain.russian_text import cyrillic_share
from day23.domain.window import Window

DEFAULT_COUNT = 5
DEFAULT_SEED = "ru-spotcheck"
COLUMNS = (
    "Channel",
    "Sample IDs",
    "Summary RU?",
    "Raw Posts RU?",
    "Metadata Present?",
    "Reviewer",
    "Status",
)
SIGN_OFFS = ("Engineer Reviewer", "Analyst Reviewer")
OPEN = "☐"

_METADATA_FIELDS = ("metadata", "feature_flags", "latency_seconds", "created_at", "quality", "provenance")
_ROW = re.compile(r"^\| (@[a-z0-9_]+) \|(.*)\|$")
_SIGNED = re.compile(r"^- (Engineer Reviewer|Analyst Reviewer): (.+)$")


@dataclass(frozen=True, slots=True)
class SpotcheckRequest:
    """What to draw.

    Attributes:
        channel: In any spelling; None draws from every recorded channel.
        count: Digests per channel.
        seed: Another seed draws other digests.
    """

    channel: str | None = None
    count: int = DEFAULT_COUNT
    seed: str = DEFAULT_SEED


@dataclass(frozen=True, slots=True)
class ChannelSample:
    """The digests drawn from one channel, oldest first."""

    channel: str
    digests: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class SpotcheckSummary:
    """What was drawn and where the sheet is."""

    samples: tuple[ChannelSample, ...]
    sheet: Path


class SampleSpotcheckUseCase:
    """Draws the same digests for the same seed; a filled cell or signature is never overwritten."""

    def __init__(
        self,
        *,
        repository: BenchmarkRepository,
        snapshots: TextFiles,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._snapshots = snapshots
        self._clock = clock

    def execute(self, request: SpotcheckRequest) -> SpotcheckSummary:
        """Draw the samples and write `ru_spotcheck.md`.

        Raises:
            ToolkitError: No dataset was seeded, or a channel has no digests.
        """
        recorded = self._repository.recorded_dataset()
        if recorded is None:
            raise ToolkitError("no dataset has been seeded", next_step="invoke day23.seed")
        channels = (canonical(request.channel),) if request.channel else recorded.channels
        samples = tuple(self._draw(channel, recorded.window, request) for channel in channels)
        name = snapshot_name(self._clock(), SPOTCHECK)
        sheet = spotcheck_sheet(samples, self._snapshots.read(name) or "")
        return SpotcheckSummary(samples, self._snapshots.write(name, sheet))

    def _draw(self, channel: str, window: Window, request: SpotcheckRequest) -> ChannelSample:
        query = DatasetQuery(window=window, channel=channel)
        found = sorted(
            self._repository.find(Collection.DIGESTS, query), key=lambda item: _lot(request.seed, item)
        )
        if not found:
            raise ToolkitError(
                f"{handle(channel)} has no digests in the recorded window", next_step="invoke day23.seed"
            )
        drawn = sorted(found[: request.count], key=lambda item: item["created_at"])
        return ChannelSample(channel, tuple(drawn))


def spotcheck_sheet(samples: Sequence[ChannelSample], earlier: str) -> str:
    """Return the sheet as Markdown.

    Rows of other channels and the Reviewer and Status cells of `earlier` are kept, unless the drawn
    samples of a row changed: then its sign-off is open again.
    """
    rows = _rows(earlier) | {handle(sample.channel): _row(sample, _rows(earlier)) for sample in samples}
    signed = {match[1]: match[2] for match in map(_SIGNED.match, earlier.splitlines()) if match}
    lines = [
        "# Russian localisation spot check",
        "",
        _line(COLUMNS),
        _line(["---"] * len(COLUMNS)),
        *(_line([channel, *cells]) for channel, cells in sorted(rows.items())),
        "",
        *(f"- {role}: {signed.get(role, OPEN)}" for role in SIGN_OFFS),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rows(sheet: str) -> dict[str, list[str]]:
    found = (match for match in map(_ROW.match, sheet.splitlines()) if match)
    rows = {match[1]: [cell.strip() for cell in match[2].split("|")] for match in found}
    return {channel: cells for channel, cells in rows.items() if len(cells) == len(COLUMNS) - 1}


def _row(sample: ChannelSample, earlier: Mapping[str, list[str]]) -> list[str]:
    ids = ", ".join(digest["digest_id"] for digest in sample.digests)
    checks = [
        _ticks(_is_russian(digest["summary_markdown"]) for digest in sample.digests),
        _ticks(_is_russian("\n".join(post["text"] for post in digest["posts"])) for digest in sample.digests),
        _ticks(_has_metadata(digest) for digest in sample.digests),
    ]
    known = earlier.get(handle(sample.channel), [])
    sign_off = known[-2:] if known and known[0] == ids else [OPEN, OPEN]
    return [ids, *checks, *sign_off]


def _ticks(outcomes: Iterable[bool]) -> str:
    found = list(outcomes)
    return f"{'✅' if all(found) else '❌'} {sum(found)}/{len(found)}"


def _is_russian(text: str) -> bool:
    return cyrillic_share(text) >= MINIMUM_RUSSIAN_SHARE


def _has_metadata(digest: Document) -> bool:
    broken = {violation.field.split(".")[0] for violation in violations(digest, Collection.DIGESTS)}
    return broken.isdisjoint(_METADATA_FIELDS)


def _lot(seed: str, digest: Document) -> str:
    return hashlib.sha256(f"{seed}|{digest['_id']}".encode()).hexdigest()
