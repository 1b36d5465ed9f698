"""Use case: say what a seed would store; reads only."""

from pydantic import BaseModel, ConfigDict

from day23.application.ports import BenchmarkRepository, Collection
from day23.application.seed_material import ChannelMaterial, SeedMaterial
from day23.domain.channel import handle


class ChannelForecast(BaseModel):
    """What a seed would store for one channel; `replaced` of the digests stand in for synthetic ones."""

    model_config = ConfigDict(frozen=True)

    channel: str
    digests: int
    review_reports: int
    synthetic_days: int
    replaced: int = 0
    posts: int = 0

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
    digests, replaced = _missing(repository, material, Collection.DIGESTS)
    reports, _ = _missing(repository, material, Collection.REVIEW_REPORTS)
    return ChannelForecast(
        channel=handle(material.channel),
        digests=digests,
        review_reports=reports,
        synthetic_days=material.synthetic_days,
        replaced=replaced,
        posts=material.posts.counts.used,
    )


def _missing(
    repository: BenchmarkRepository | None, material: ChannelMaterial, collection: Collection
) -> tuple[int, int]:
    """Return how many documents would be stored, and how many of them in the place of synthetic ones."""
    keys = material.keys(collection)
    stored = repository.provenances(collection, list(keys.values())) if repository else {}
    replaced = sum(stored.get(keys[day]) == "synthetic" for day in material.posts.days)
    return len(keys) - len(stored) + replaced, replaced
