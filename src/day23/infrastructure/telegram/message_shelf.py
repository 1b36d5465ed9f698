"""Messages on disk while they are merged, so that memory stays bounded however large the exports are."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from day23.application.dataset_ports import MessageCounts, RejectedMessage
from day23.domain.post import Post
from day23.domain.window import Window
from day23.infrastructure.telegram.desktop_message import DesktopMessage

PRIVATE_TEMPORARY = ""
"""SQLite's name for a database that lives in a deleted temporary file: nothing is left after a kill."""

_ROWS_PER_INSERT = 1000
_CACHE_KIBIBYTES = 16_384

_TABLES = """
CREATE TABLE IF NOT EXISTS message (
    channel TEXT NOT NULL, id INTEGER NOT NULL, revision INTEGER NOT NULL,
    posted_at INTEGER, text TEXT, forwarded_from TEXT, PRIMARY KEY (channel, id));
CREATE INDEX IF NOT EXISTS by_time ON message (channel, posted_at) WHERE posted_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS tally (channel TEXT PRIMARY KEY, read INTEGER, service INTEGER, assumed INTEGER);
CREATE TABLE IF NOT EXISTS rejection (channel TEXT, place TEXT, reason TEXT);
"""
_NEWEST_WINS = """
INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel, id) DO UPDATE SET revision = excluded.revision, posted_at = excluded.posted_at,
    text = excluded.text, forwarded_from = excluded.forwarded_from
WHERE excluded.revision >= message.revision
"""
_ADD_TALLY = """
INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT (channel) DO UPDATE SET
    read = read + excluded.read, service = service + excluded.service, assumed = assumed + excluded.assumed
"""
_COUNTS = """
SELECT count(*), count(posted_at), coalesce(sum(posted_at >= :start AND posted_at < :end), 0)
FROM message WHERE channel = :channel
"""

Row = tuple[str, int, int, int | None, str | None, str | None]


class MessageShelf:
    """The messages of several channels, each once per id; the newest edit wins, of equals the later one.

    Args:
        path: Database file; by default a private temporary one.
    """

    def __init__(self, path: str | Path = PRIVATE_TEMPORARY) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
        self._database.executescript(_TABLES)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Keep what the block adds only when it ends well."""
        self._database.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def add(self, channel: str, messages: Iterable[DesktopMessage | RejectedMessage]) -> int:
        """Shelve messages as they come; return how many were read, the rejected ones included."""
        arrivals = _Arrivals(channel, self._database)
        for message in messages:
            arrivals.take(message)
        arrivals.flush()
        tally = (channel, arrivals.read, arrivals.service, arrivals.assumed)
        self._database.execute(_ADD_TALLY, tally)
        return arrivals.read

    def counts(self, channel: str, window: Window) -> MessageCounts:
        """Return what became of every message of a channel."""
        bounds = {"channel": channel, "start": _seconds(window.start), "end": _seconds(window.end)}
        ((distinct, told, used),) = self._database.execute(_COUNTS, bounds)
        read, service, _ = self._tally(channel)
        rejected = self._number("SELECT count(*) FROM rejection WHERE channel = ?", channel) or 0
        return MessageCounts(
            read=read,
            used=used,
            outside_window=told - used,
            without_text=distinct - told,
            service=service,
            duplicates=read - service - rejected - distinct,
            rejected=rejected,
        )

    def assumed_zones(self, channel: str) -> int:
        """Return how many messages had a time without zone."""
        return self._tally(channel)[2]

    def newest(self, channel: str) -> datetime | None:
        """Return the time of a channel's last post with text."""
        seconds = self._number("SELECT max(posted_at) FROM message WHERE channel = ?", channel)
        return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None

    def oldest_id(self, channel: str) -> int | None:
        """Return the smallest message id of a channel."""
        return self._number("SELECT min(id) FROM message WHERE channel = ?", channel)

    def days(self, channel: str, window: Window) -> tuple[date, ...]:
        """Return the days of the window that have posts with text, oldest first."""
        found = self._database.execute(
            "SELECT DISTINCT posted_at / 86400 FROM message WHERE channel = ? AND posted_at >= ? "
            "AND posted_at < ? ORDER BY 1",
            (channel, _seconds(window.start), _seconds(window.end)),
        )
        return tuple(datetime.fromtimestamp(day * 86_400, UTC).date() for (day,) in found)

    def posts(self, channel: str, day: date) -> tuple[Post, ...]:
        """Return the posts of one day by time, then id."""
        start = datetime.combine(day, time(), UTC)
        found = self._database.execute(
            "SELECT id, posted_at, text, forwarded_from FROM message WHERE channel = ? AND posted_at >= ? "
            "AND posted_at < ? ORDER BY posted_at, id",
            (channel, _seconds(start), _seconds(start + timedelta(days=1))),
        )
        return tuple(
            Post(number, datetime.fromtimestamp(moment, UTC), text, origin)
            for number, moment, text, origin in found
        )

    def rejections(self, channel: str) -> Iterator[RejectedMessage]:
        """Yield the messages that could not be used, in the order they were read."""
        found = self._database.execute(
            "SELECT place, reason FROM rejection WHERE channel = ? ORDER BY rowid", (channel,)
        )
        yield from (RejectedMessage(place, reason) for place, reason in found)

    def close(self) -> None:
        """Close the database; a private one is gone then."""
        self._database.close()

    def _tally(self, channel: str) -> tuple[int, int, int]:
        query = "SELECT read, service, assumed FROM tally WHERE channel = ?"
        found: tuple[int, int, int] | None = self._database.execute(query, (channel,)).fetchone()
        return found or (0, 0, 0)

    def _number(self, query: str, channel: str) -> int | None:
        number: int | None
        ((number,),) = self._database.execute(query, (channel,))
        return number


class _Arrivals:
    """Messages on their way to the shelf, written in batches and counted."""

    def __init__(self, channel: str, database: sqlite3.Connection) -> None:
        self._channel = channel
        self._database = database
        self._rows: list[Row] = []
        self.read = self.service = self.assumed = 0

    def take(self, message: DesktopMessage | RejectedMessage) -> None:
        """Count one message and keep it for the next batch, unless it is a service message."""
        self.read += 1
        if isinstance(message, RejectedMessage):
            row = (self._channel, message.place, message.reason)
            self._database.execute("INSERT INTO rejection VALUES (?, ?, ?)", row)
            return
        self.assumed += message.assumed_zone
        if message.is_service:
            self.service += 1
            return
        self._rows.append(_row(self._channel, message))
        if len(self._rows) >= _ROWS_PER_INSERT:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        self._database.executemany(_NEWEST_WINS, self._rows)
        self._rows.clear()


def _row(channel: str, message: DesktopMessage) -> Row:
    post = message.post
    if post is None:
        return (channel, message.message_id, message.revision, None, None, None)
    posted_at = _seconds(post.posted_at)
    return (channel, message.message_id, message.revision, posted_at, post.text, post.forwarded_from)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
