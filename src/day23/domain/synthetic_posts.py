"""Deterministic synthetic posts for days that have no real ones. Documents made from them say so."""

import hashlib
import random
from datetime import UTC, date, datetime, time, timedelta

from day23.domain.channel import canonical
from day23.domain.post import Post
from day23.domain.synthetic_phrases import CITIES, CLOSINGS, COMPANIES, DETAILS, LEADS

FEWEST_POSTS, MOST_POSTS = 4, 7
DETAILS_PER_POST = 3
NOON = time(12, tzinfo=UTC)
"""When a synthetic day's digest was made; its posts are older."""

SEED = "{channel}|{day}"
"""What the posts of a day are drawn by, and nothing else."""

_FIRST_POST = time(6, tzinfo=UTC)
_MINUTES_BETWEEN = (10, 45)


def synthetic_posts(channel: str, day: date) -> tuple[Post, ...]:
    """Return believable Russian posts for a channel and day, the same on every call.

    Topics turn from day to day, starting where the channel's name decides.
    """
    dice = random.Random(SEED.format(channel=canonical(channel), day=day.isoformat()))  # noqa: S311 - text, not a secret
    topics = tuple(LEADS)
    shift = hashlib.sha256(canonical(channel).encode()).digest()[0]
    moment = datetime.combine(day, _FIRST_POST)
    posts = []
    for number in range(dice.randint(FEWEST_POSTS, MOST_POSTS)):
        topic = topics[(day.toordinal() + shift + number) % len(topics)]
        moment += timedelta(minutes=dice.randint(*_MINUTES_BETWEEN))
        posts.append(Post(number + 1, moment, _text(topic, dice)))
    return tuple(posts)


def _text(topic: str, dice: random.Random) -> str:
    lead = dice.choice(LEADS[topic]) + "."
    details = dice.sample(DETAILS[topic], DETAILS_PER_POST)
    return " ".join(_filled(phrase, dice) for phrase in (lead, *details, dice.choice(CLOSINGS)))


def _filled(phrase: str, dice: random.Random) -> str:
    return phrase.format(
        company=dice.choice(COMPANIES),
        city=dice.choice(CITIES),
        percent=dice.randint(12, 90),
        thousands=dice.randrange(25, 480, 5),
        hundreds=dice.randrange(110, 950, 10),
        minutes=dice.randrange(5, 50, 5),
        days=dice.randint(5, 20),
    )
