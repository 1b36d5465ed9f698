"""Seeding stores one digest and one review report per channel and day, once."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from day23.application.dataset_ports import ChannelPosts, MessageCounts, SkippedFile, held_posts
from day23.application.forecast_seed import forecast_seed
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import (
    ChatReply,
    ChatRequest,
    Collection,
    DatasetQuery,
    Document,
    RecordedDataset,
    SeedProgress,
)
from day23.application.seed_benchmark_data import SeedBenchmarkDataUseCase, SeedRequest
from day23.application.seed_material import gather_material
from day23.application.seed_summary import SeedSummary
from day23.domain.errors import ToolkitError, UsageError
from day23.domain.post import Post
from day23.domain.window import Window

NOW = datetime(2025, 11, 15, 15, tzinfo=UTC)
ANSWER = "## Главное за день\n\n- Центробанк поднял ключевую ставку до 21 процента."


class Store:
    """A `BenchmarkRepository` in memory."""

    def __init__(self) -> None:
        self.documents: dict[Collection, dict[str, Document]] = {name: {} for name in Collection}
        self.recorded: RecordedDataset | None = None
        self.progress: dict[tuple[str, Collection], int] = {}
        self.enforced = False

    def enforce_rules(self) -> None:
        self.enforced = True

    def provenances(self, collection: Collection, ids: Sequence[str]) -> dict[str, str]:
        stored = self.documents[collection]
        return {key: stored[key]["provenance"] for key in ids if key in stored}

    def replace_synthetic(self, collection: Collection, documents: Sequence[Document]) -> int:
        stored = self.documents[collection]
        found = [item for item in documents if stored[item["_id"]]["provenance"] == "synthetic"]
        stored.update({item["_id"]: item for item in found})
        return len(found)

    def record_progress(self, progress: SeedProgress) -> None:
        assert progress.done <= len(self.documents[progress.collection]), "recorded before it was stored"
        self.progress[progress.channel, progress.collection] = progress.done

    def insert_missing(self, collection: Collection, documents: Sequence[Document]) -> int:
        stored = self.documents[collection]
        new = {document["_id"]: document for document in documents if document["_id"] not in stored}
        stored.update(new)
        return len(new)

    def find(self, collection: Collection, query: DatasetQuery) -> Iterator[Document]:
        field = "channel" if collection is Collection.DIGESTS else "assignment_id"
        for document in list(self.documents[collection].values()):
            inside = query.window is None or query.window.contains(document["created_at"])
            if inside and query.channel in (None, document[field].removeprefix("@")):
                yield document

    def record_dataset(self, dataset: RecordedDataset) -> None:
        self.recorded = dataset

    def recorded_dataset(self) -> RecordedDataset | None:
        return self.recorded


class Model:
    """A `ChatModel` that always answers the same and may fail at the n-th call."""

    def __init__(self, answer: str = ANSWER, fails_at: int | None = None, latency: float = 0.2) -> None:
        self.requests: list[ChatRequest] = []
        self._answer = answer
        self._fails_at = fails_at
        self._latency = latency

    async def complete(self, request: ChatRequest, *, stream: bool = False) -> ChatReply:
        self.requests.append(request)
        if len(self.requests) == self._fails_at:
            raise ToolkitError("the model is gone")
        return ChatReply(self._answer, "test-model", self._latency, None, 10, 5)


class Source:
    """A `PostSource` with three posts a day for the given number of days back from `NOW`."""

    def __init__(self, days: int = 3, per_day: int = 3) -> None:
        self._posts = tuple(
            Post(number * 100 + nth, NOW - timedelta(days=number, hours=nth), "Центробанк поднял ставку.")
            for number in range(days)
            for nth in range(per_day)
        )

    def channels(self) -> tuple[str, ...]:
        return ("habr", "mash")

    def newest_post(self) -> datetime | None:
        return max((post.posted_at for post in self._posts), default=None)

    def read(self, channel: str, window: Window) -> ChannelPosts:
        used = tuple(post for post in self._posts if window.contains(post.posted_at))
        total = len(self._posts)
        counts = MessageCounts(read=total, used=len(used), outside_window=total - len(used))
        return held_posts(channel, used, counts, (SkippedFile(f"{channel}/result.json", "is empty"),))


class Files:
    """A `TextFiles` in memory."""

    def __init__(self) -> None:
        self.content: dict[str, str] = {}

    def write(self, name: str, content: str) -> Path:
        self.content[name] = content
        return Path(name)

    def read(self, name: str) -> str | None:
        return self.content.get(name)


class Bench:
    """A use case with everything around it."""

    def __init__(self, model: Model | None = None, source: Source | None = None) -> None:
        self.store = Store()
        self.files = Files()
        self.telemetry = NullTelemetry()
        self.model = model or Model()
        self.source = source

    async def seed(self, progress: object, **request: object) -> SeedSummary:
        use_case = SeedBenchmarkDataUseCase(
            repository=self.store,
            model=self.model,
            source=self.source,
            snapshots=self.files,
            telemetry=self.telemetry,
            progress=progress,  # type: ignore[arg-type]
            clock=lambda: NOW,
        )
        return await use_case.execute(SeedRequest(**request))  # type: ignore[arg-type]


async def test_without_exports_the_five_channels_are_synthetic(progress: object) -> None:
    bench = Bench()
    summary = await bench.seed(progress, days=4)
    assert [channel.stored.synthetic for channel in summary.channels] == [4] * 5
    assert [channel.stored.review_reports for channel in summary.channels] == [4] * 5
    assert {document["provenance"] for document in bench.store.documents[Collection.DIGESTS].values()} == {
        "synthetic"
    }


async def test_gaps_are_filled_and_counted_apart(progress: object) -> None:
    summary = await Bench(source=Source(days=3)).seed(progress, days=5)
    assert [(item.stored.telegram, item.stored.synthetic) for item in summary.channels] == [(3, 2), (3, 2)]


async def test_second_run_asks_the_model_nothing_and_stores_nothing(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=3)
    before, asked = json.dumps(bench.store.documents, default=str), len(bench.model.requests)
    summary = await bench.seed(progress, days=3)
    assert not summary.changed
    assert len(bench.model.requests) == asked
    assert json.dumps(bench.store.documents, default=str) == before


@pytest.mark.parametrize("fails_at", [1, 2, 5, 9])
async def test_a_run_that_broke_off_is_finished_by_the_next(fails_at: int, progress: object) -> None:
    bench = Bench(Model(fails_at=fails_at), Source())
    with pytest.raises(ToolkitError, match="model is gone"):
        await bench.seed(progress, days=5, max_concurrency=1)
    assert bench.store.recorded is None
    summary = await bench.seed(progress, days=5, max_concurrency=1)
    assert [channel.stored.digests for channel in summary.channels] == [5, 5]
    assert [channel.stored.review_reports for channel in summary.channels] == [5, 5]


async def test_lost_reviews_are_made_again_without_asking_for_digests(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=3)
    asked = len(bench.model.requests)
    bench.store.documents[Collection.REVIEW_REPORTS].clear()
    summary = await bench.seed(progress, days=3)
    assert [channel.review_reports.stored for channel in summary.channels] == [3, 3]
    assert len(bench.model.requests) == asked


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        (Model("Not a word of Russian here."), "summary_markdown"),
        (Model(latency=0.0), "latency_seconds"),
        (Model(latency=float("nan")), "latency_seconds"),
    ],
)
async def test_what_breaks_a_rule_is_rejected_and_counted(model: Model, rule: str, progress: object) -> None:
    bench = Bench(model, Source())
    summary = await bench.seed(progress, days=3)
    for channel in summary.channels:
        assert (channel.digests.planned, channel.digests.rejected, channel.digests.stored) == (3, 3, 0)
    assert not bench.store.documents[Collection.DIGESTS]
    with pytest.raises(ToolkitError, match=rule):
        summary.raise_rejections()


async def test_planned_is_stored_plus_unchanged_plus_rejected(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=2)
    summary = await bench.seed(progress, days=4)
    for counts in (
        item for channel in summary.channels for item in (channel.digests, channel.review_reports)
    ):
        assert counts.planned == counts.stored + counts.unchanged + counts.rejected == 4
        assert counts.unchanged == 2


async def test_metrics_tell_what_is_stored_also_after_a_second_run(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=3)
    bench.telemetry.measurements.clear()
    await bench.seed(progress, days=3)
    assert ("benchmark_digest_records_total", 3, {"channel": "habr"}) in bench.telemetry.measurements
    assert ("benchmark_review_records_total", 3, {"channel": "mash"}) in bench.telemetry.measurements


async def test_every_review_is_counted_and_timed(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=3)
    reviews = [item for item in bench.telemetry.measurements if item[0].startswith("review_")]
    assert reviews.count(("review_tasks_total", 1, {"status": "success"})) == 6
    assert sum(name == "review_pipeline_duration_seconds" for name, _, _ in reviews) == 6


async def test_snapshot_and_record(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=3)
    counts = json.loads(bench.files.content["snapshots/2025-11-15/channel_counts.json"])
    assert counts["window_days"] == 3
    assert counts["channels"][0] == {
        "channel": "@habr",
        "digests": 3,
        "review_reports": 3,
        "telegram": 3,
        "synthetic": 0,
    }
    assert bench.store.recorded is not None
    assert bench.store.recorded.channels == ("habr", "mash")


async def test_short_days_are_kept_with_a_note(progress: object) -> None:
    bench = Bench(source=Source(days=1, per_day=2))
    summary = await bench.seed(progress, days=1)
    assert summary.channels[0].short_days == (NOW.date(),)
    (digest, *_) = bench.store.documents[Collection.DIGESTS].values()
    assert digest["metadata"]["note"] == (
        "the channel published 2 of 3 posts with text on this day; "
        "the posts of this day gave 1 of 3 Russian sentences"
    )


async def test_posts_outside_the_window_are_pointed_out(progress: object) -> None:
    summary = await Bench(source=Source()).seed(progress, days=2, until="2030-01-01")
    assert "until=auto" in summary.notes[0]
    assert summary.skipped_files[0]["reason"] == "is empty"


async def test_synthetic_days_give_way_when_real_posts_arrive(progress: object) -> None:
    bench = Bench()
    await bench.seed(progress, days=4, channels=("habr",))
    bench.source = Source(days=3)
    summary = await bench.seed(progress, days=4, channels=("habr",))
    (channel,) = summary.channels
    assert (channel.digests.stored, channel.digests.replaced, channel.digests.unchanged) == (3, 3, 1)
    assert (channel.review_reports.stored, channel.review_reports.replaced) == (3, 3)
    assert "3 days of @habr were synthetic and have real posts now: replaced" in summary.notes
    for collection in Collection:
        found = [item["provenance"] for item in bench.store.documents[collection].values()]
        assert sorted(found) == ["synthetic", *["telegram"] * 3]


async def test_real_days_stay_when_their_posts_are_gone(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=3, channels=("habr",))
    bench.source = None
    summary = await bench.seed(progress, days=3, channels=("habr",))
    assert not summary.changed
    assert summary.channels[0].stored.telegram == 3


async def test_the_reject_file_has_every_refused_document(progress: object) -> None:
    bench = Bench(Model(latency=0.0), Source())
    summary = await bench.seed(progress, days=2)
    lines = [json.loads(line) for line in bench.files.content[str(summary.rejects)].splitlines()]
    assert len(lines) == sum(channel.digests.rejected for channel in summary.channels) == 4
    assert lines[0] | {"problems": None} == {
        "kind": "document",
        "channel": "@habr",
        "collection": "digests",
        "day": "2025-11-14",
        "problems": None,
    }
    assert "latency_seconds" in lines[0]["problems"][0]
    assert "Fix: " in lines[0]["problems"][0]


async def test_progress_is_recorded_after_the_documents(progress: object) -> None:
    bench = Bench(source=Source())
    await bench.seed(progress, days=3)
    assert bench.store.enforced
    assert bench.store.progress["habr", Collection.DIGESTS] == 3
    assert bench.store.progress["mash", Collection.REVIEW_REPORTS] == 3


def test_until_auto_ends_with_the_last_post() -> None:
    material = gather_material(Source(), None, "auto", 30, NOW + timedelta(days=400))
    assert material.window.days[-1] == NOW.date()


@pytest.mark.parametrize(("until", "days"), [("tomorrow", 30), ("now", 0), ("9999-12-31", 30)])
def test_a_window_that_cannot_be_is_a_usage_error(until: str, days: int) -> None:
    with pytest.raises(UsageError):
        gather_material(None, None, until, days, NOW)


def test_channels_are_normalised_and_taken_once() -> None:
    material = gather_material(None, ("@Habr", "habr", " "), None, 1, NOW)
    assert [channel.channel for channel in material.channels] == ["habr"]


async def test_forecast_tells_what_is_missing(progress: object) -> None:
    bench = Bench(source=Source())
    material = gather_material(bench.source, ("habr",), None, 4, NOW)
    (virgin,) = forecast_seed(material, None)
    assert (virgin.digests, virgin.review_reports, virgin.synthetic_days) == (4, 4, 1)
    await bench.seed(progress, days=3)
    (later,) = forecast_seed(material, bench.store)
    assert (later.digests, later.review_reports) == (1, 1)


async def test_a_model_judges_only_when_asked_and_is_named(progress: object) -> None:
    scores = dict.fromkeys(("coverage", "accuracy", "coherence", "informativeness"), 0.95)
    bench = Bench(Model(f"{ANSWER}\n{json.dumps(scores)}"), Source())
    await bench.seed(progress, days=1, channels=("habr",), judge_votes=3)
    (report,) = bench.store.documents[Collection.REVIEW_REPORTS].values()
    assert report["report"]["metadata"]["model_judge"]["judge_model"] == "test-model"
    assert report["report"]["metadata"]["llm_judge"]["judge_model"] == "deterministic-ru-v1"
    assert len(bench.model.requests) == 1 + 3
    plain = Bench(source=Source())
    await plain.seed(progress, days=1, channels=("habr",))
    (report,) = plain.store.documents[Collection.REVIEW_REPORTS].values()
    assert "model_judge" not in report["report"]["metadata"]


@pytest.mark.parametrize("votes", [1, 2, -1])
def test_too_few_votes_are_a_usage_error(votes: int) -> None:
    with pytest.raises(UsageError, match="majority"):
        SeedRequest(judge_votes=votes)


class CountingModel(Model):
    """Knows how many calls were under way at once."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = self.most = 0

    async def complete(self, request: ChatRequest, *, stream: bool = False) -> ChatReply:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        return await super().complete(request, stream=stream)


@pytest.mark.parametrize("limit", [1, 3])
async def test_the_model_is_asked_so_many_things_at_a_time_and_no_more(limit: int, progress: object) -> None:
    model = CountingModel()
    await Bench(model, Source(days=12)).seed(progress, days=12, channels=("habr",), max_concurrency=limit)
    assert model.most == limit
