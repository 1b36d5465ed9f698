"""Use case: say what a seed would store; reads only."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from day23.application.ports import BenchmarkRepository, Collection
from day23.application.seed_material import ChannelMaterial, SeedMaterial
from day23.domain.channel import handle


class ChannelForecast(BaseModel):
    """What a seed would store for one channel."""

    model_config = ConfigDict(frozen=True)

    channel: str
    digests: int
    review_reports: int
    synthetic_days: int

    @property
    def changed(self) -> bool:
        """Whether anything would be stored."""
        return bool(self.digests or self.review_reports)


def forecast_seed(
    material: SeedMaterial, repository: BenchmarkRepository | None
) -> tuple[ChannelForecast, ...]:
    """Return what is missing per channel.

    Args:
        material: What there is to seed.
        repository: None where MongoDB is not there yet, so that everything is missing.
    """
    return tuple(_forecast(channel, repository) for channel in material.channels)


def _forecast(material: ChannelMaterial, repository: BenchmarkRepository | None) -> ChannelForecast:
    return ChannelForecast(
        channel=handle(material.channel),
        digests=_missing(repository, Collection.DIGESTS, [plan.digest_key for plan in material.plans]),
        review_reports=_missing(
            repository, Collection.REVIEW_REPORTS, [plan.report_key for plan in material.plans]
        ),
        synthetic_days=material.synthetic_days,
    )


def _missing(repository: BenchmarkRepository | None, collection: Collection, keys: Sequence[str]) -> int:
    return len(keys) - (len(repository.existing_ids(collection, keys)) if repository else 0)
