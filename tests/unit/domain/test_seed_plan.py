"""Every day of the window is planned once; gaps are filled synthetically and say so."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from day23.domain.post import Post, by_day, has_visible_text
from day23.domain.seed_plan import DayPlan, plan_day
from day23.domain.synthetic_posts import synthetic_posts
from day23.domain.window import Window

WINDOW = Window(datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 11, 8, tzinfo=UTC))


def plan_days(channel: str, window: Window, posts: list[Post]) -> list[DayPlan]:
    found = by_day(posts)
    return [plan_day(channel, day, found.get(day, ())) for day in window.days]


def post(number: int, moment: datetime) -> Post:
    return Post(number, moment, f"Сообщение {number}")


def test_days_without_posts_are_synthetic() -> None:
    plans = plan_days("habr", WINDOW, [post(1, datetime(2025, 11, 3, 10, tzinfo=UTC))])
    assert [plan.provenance for plan in plans].count("telegram") == 1
    assert plans[2].provenance == "telegram"
    assert plans[2].note == "the channel published 1 of 3 posts with text on this day"
    assert plans[0].note is None


def test_created_at_is_the_last_post_or_noon() -> None:
    moment = datetime(2025, 11, 3, 23, 59, 59, tzinfo=UTC)
    plans = plan_days("habr", WINDOW, [post(2, moment), post(1, moment - timedelta(hours=3))])
    assert plans[2].created_at == moment
    assert plans[0].created_at == datetime(2025, 11, 1, 12, tzinfo=UTC)


@given(st.lists(st.integers(min_value=0, max_value=7 * 86_400 - 1), max_size=40))
def test_no_post_is_lost_or_doubled(seconds: list[int]) -> None:
    posts = [post(number, WINDOW.start + timedelta(seconds=second)) for number, second in enumerate(seconds)]
    plans = plan_days("habr", WINDOW, posts)
    planned = [item for plan in plans if plan.provenance == "telegram" for item in plan.posts]
    assert sorted(item.post_id for item in planned) == list(range(len(posts)))
    assert [plan.day for plan in plans] == list(WINDOW.days)
    assert all(WINDOW.start <= plan.created_at < WINDOW.end for plan in plans)


def test_posts_belong_to_their_utc_day() -> None:
    moscow = datetime.fromisoformat("2025-11-04T01:30:00+03:00")
    assert list(by_day([post(1, moscow)])) == [date(2025, 11, 3)]


def test_synthetic_posts_are_stable_and_differ_between_days_and_channels() -> None:
    days = [date(2025, 11, 1) + timedelta(days=number) for number in range(30)]
    channels = ("onaboka", "ctorecords")
    texts = [
        tuple(item.text for item in synthetic_posts(channel, day)) for channel in channels for day in days
    ]
    assert len(set(texts)) == 60
    assert synthetic_posts("@OnAboka", days[0]) == synthetic_posts("onaboka", days[0])
    assert all(item.posted_at.hour < 12 for day in days for item in synthetic_posts("onaboka", day))


def test_invisible_text_is_no_text() -> None:
    assert not has_visible_text(" \n\u200b\u200e\ufeff\u00a0")
    assert has_visible_text("🔥")
