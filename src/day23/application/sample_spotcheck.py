"""Use case TL-01: draw digests for the Russian spot check and keep the reviewers' sheet."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from day23.application.dataset_ports import TextFiles
from day23.application.ports import BenchmarkRepository, Collection, DatasetQuery, Document
from day23.application.snapshot_folder import SPOTCHECK, SPOTCHECK_PAGE, snapshot_name
from day23.application.spotcheck_sheet import ChannelSample, PageWriter, fill_sheet, sheet_markdown
from day23.domain.channel import canonical, handle
from day23.domain.errors import ToolkitError
from day23.domain.window import Window

DEFAULT_COUNT = 5
DEFAULT_SEED = "ru-spotcheck"


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
class SpotcheckSummary:
    """What was drawn and where the sheet is."""

    samples: tuple[ChannelSample, ...]
    sheet: Path
    page: Path


class SampleSpotcheckUseCase:
    """Draws the same digests for the same seed; a filled cell or signature is never overwritten."""

    def __init__(
        self,
        *,
        repository: BenchmarkRepository,
        snapshots: TextFiles,
        page: PageWriter,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._snapshots = snapshots
        self._page = page
        self._clock = clock

    def execute(self, request: SpotcheckRequest) -> SpotcheckSummary:
        """Draw the samples and write `ru_spotcheck.md` with `ru_spotcheck.html` beside it.

        Raises:
            ToolkitError: No dataset was seeded, or a channel has no digests.
        """
        recorded = self._repository.recorded_dataset()
        if recorded is None:
            raise ToolkitError("no dataset has been seeded", next_step="invoke day23.seed")
        channels = (canonical(request.channel),) if request.channel else recorded.channels
        samples = tuple(self._draw(channel, recorded.window, request) for channel in channels)
        now = self._clock()
        name = snapshot_name(now, SPOTCHECK)
        sheet = fill_sheet(samples, self._snapshots.read(name) or "")
        page = self._snapshots.write(snapshot_name(now, SPOTCHECK_PAGE), self._page(sheet))
        return SpotcheckSummary(samples, self._snapshots.write(name, sheet_markdown(sheet)), page)

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


def _lot(seed: str, digest: Document) -> str:
    return hashlib.sha256(f"{seed}|{digest['_id']}".encode()).hexdigest()
