"""One bounded HTTP GET, with failures told in a few words."""

import http.client
import urllib.error
import urllib.request

from day23.domain.errors import ToolkitError

_LARGEST_ANSWER = 32 * 1024 * 1024
_SHOWN_BYTES = 300
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(url: str, within: float) -> bytes:
    """Return the body of a 2xx answer.

    Proxies of the environment are not used: every address is the stack's own.

    Args:
        url: An http address.
        within: Seconds until the first byte, and between two reads.

    Raises:
        ToolkitError: Nobody answers, or the answer is not 2xx.
    """
    try:
        with _DIRECT.open(url, timeout=within) as answer:
            return bytes(answer.read(_LARGEST_ANSWER))
    except urllib.error.HTTPError as error:
        said = " ".join(error.read(_SHOWN_BYTES).decode(errors="replace").split())
        raise ToolkitError(f"HTTP {error.code}: {said or error.reason}", where=url) from None
    except urllib.error.URLError as error:
        raise ToolkitError(f"no answer: {_reason(error.reason)}", where=url) from None
    except (OSError, http.client.HTTPException) as error:
        raise ToolkitError(f"no answer: {_reason(error)}", where=url) from None


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    return str(getattr(error, "strerror", None) or error).lower()
