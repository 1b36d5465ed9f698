"""Preview pages from the web: one request at a time, slowly, again after failures, kept on disk."""

import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from day23.domain.errors import ToolkitError
from day23.infrastructure.files import write_atomically

SECONDS_BETWEEN = 1.0
"""A reader who pages by hand is not faster."""

ATTEMPTS = 5
LONGEST_WAIT = 60.0
_WITHIN_SECONDS = 20.0
_LARGEST_PAGE = 8 * 1024 * 1024
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
_AGENT = "day23-toolkit (reads public channel previews for a local benchmark)"


@dataclass(slots=True)
class _PassingError(Exception):
    """A failure that may be gone a moment later."""

    reason: str
    wait: float | None = None


class PreviewPages:
    """Fetches pages by channel and message id.

    A page of older messages is kept and not asked for again, so that a run that was killed goes on where
    it stopped; the newest page is always fetched.

    Args:
        base_url: `https://t.me`, or a server of the same pages.
        cache: Folder of the kept pages.
        seconds_between: Least time between two requests.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        base_url: str,
        cache: Path,
        *,
        seconds_between: float = SECONDS_BETWEEN,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._cache = cache
        self._seconds_between = seconds_between
        self._sleep = sleep
        self._asked_at: float | None = None

    def newest(self, channel: str) -> str:
        """Return the page of a channel's newest messages.

        Raises:
            ToolkitError: The server does not answer with a page, also after several attempts.
        """
        return self._fetch(f"{self._base_url}/s/{channel}")

    def before(self, channel: str, message_id: int) -> str:
        """Return the page of messages older than `message_id`, from the folder where it is kept.

        Raises:
            ToolkitError: The server does not answer with a page, also after several attempts.
        """
        kept = self._cache / channel / f"before-{message_id}.html"
        if kept.is_file():
            return kept.read_text(encoding="utf-8")
        page = self._fetch(f"{self._base_url}/s/{channel}?before={message_id}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(kept, page.encode("utf-8"))
        return page

    def forget(self, channel: str, message_id: int) -> None:
        """Drop a kept page that turned out to be none."""
        (self._cache / channel / f"before-{message_id}.html").unlink(missing_ok=True)

    def _fetch(self, url: str) -> str:
        attempts = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            retry=retry_if_exception_type(_PassingError),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return attempts(self._ask, url)
        except _PassingError as failure:
            raise ToolkitError(
                f"the preview page cannot be read after {ATTEMPTS} attempts: {failure.reason}",
                where=url,
                next_step="run the command again later: pages that were read are kept",
            ) from None

    def _ask(self, url: str) -> str:
        self._keep_distance()
        request = urllib.request.Request(url, headers={"User-Agent": _AGENT})  # noqa: S310 - http(s) by settings
        try:
            with urllib.request.urlopen(  # noqa: S310  # http or https, by the settings  # nosec B310
                request, timeout=_WITHIN_SECONDS
            ) as answer:
                return bytes(answer.read(_LARGEST_PAGE)).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            if error.code in _PASSING:
                raise _PassingError(f"HTTP {error.code}", _asked_wait(error)) from None
            raise ToolkitError(
                f"the preview page cannot be read: HTTP {error.code}",
                where=url,
                next_step="check the channel's name",
            ) from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise _PassingError(str(getattr(reason, "strerror", None) or reason)) from None

    def _keep_distance(self) -> None:
        if self._asked_at is not None:
            left = self._asked_at + self._seconds_between - time.monotonic()
            if left > 0:
                self._sleep(left)
        self._asked_at = time.monotonic()


def _asked_wait(error: urllib.error.HTTPError) -> float | None:
    """Return the seconds of `Retry-After`; None where it is absent or a date."""
    text = error.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else None


def _wait(state: RetryCallState) -> float:
    """Return the wait the server asked for, else 1, 2, 4 … seconds, each with up to half of it on top."""
    failure = state.outcome.exception() if state.outcome else None
    asked = failure.wait if isinstance(failure, _PassingError) else None
    seconds = min(asked if asked is not None else 2.0 ** (state.attempt_number - 1), LONGEST_WAIT)
    return seconds * (1 + random.random() / 2)  # noqa: S311 - spreads requests, guards no secret
