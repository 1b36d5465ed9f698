"""Asks a registry which digest a tag has now.

Docker Registry HTTP API V2: https://distribution.github.io/distribution/spec/api/ and spec/auth/token/ there.
"""

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from day23.domain.errors import ToolkitError

_ACCEPTED = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
"""Lists of platforms first: their digest is what every platform pulls by."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_ANSWER_SECONDS = 20.0
_LARGEST_ANSWER = 8 * 1024 * 1024
_UNAUTHORIZED, _MISSING = 401, 404


class HttpRegistry:
    """Implements `Registry` with anonymous access; proxies of the environment are used."""

    def digest(self, manifest_url: str) -> str | None:
        """Return the digest that the tag has now; None when the registry has no such image.

        Raises:
            ToolkitError: No answer, a refusal, or an answer without a digest.
        """
        try:
            with _manifest(manifest_url, "HEAD") as answer:
                named = answer.headers.get("Docker-Content-Digest")
            return named_digest(named or _computed(manifest_url), manifest_url)
        except urllib.error.HTTPError as error:
            if error.code == _MISSING:
                return None
            raise ToolkitError(f"the registry says {error.code} {error.reason}", where=manifest_url) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, ToolkitError):
                raise
            reason = getattr(error, "reason", None) or error
            raise ToolkitError(f"the registry does not answer: {reason}", where=manifest_url) from None


def named_digest(text: str, where: str) -> str:
    """Return a registry's digest if it is one.

    Raises:
        ToolkitError: It is something else.
    """
    if not _DIGEST.fullmatch(text):
        raise ToolkitError(f"the registry names no SHA-256 digest but {text[:80]!r}", where=where)
    return text


def _computed(manifest_url: str) -> str:
    """Return the digest of the manifest's bytes, for registries that do not name it."""
    with _manifest(manifest_url, "GET") as answer:
        content = answer.read(_LARGEST_ANSWER)
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _manifest(url: str, method: str) -> http.client.HTTPResponse:
    try:
        return _open(url, method, {"Accept": _ACCEPTED})
    except urllib.error.HTTPError as error:
        challenge = error.headers.get("WWW-Authenticate", "")
        if error.code != _UNAUTHORIZED or not challenge.lower().startswith("bearer "):
            raise
    return _open(url, method, {"Accept": _ACCEPTED, "Authorization": f"Bearer {_token(challenge)}"})


def _token(challenge: str) -> str:
    asked = dict(_CHALLENGE.findall(challenge))
    realm = asked.pop("realm", "")
    with _open(f"{realm}?{urllib.parse.urlencode(asked)}", "GET", {}) as answer:
        granted = json.loads(answer.read(_LARGEST_ANSWER))
    token = granted.get("token") or granted.get("access_token")
    if not token:
        raise ToolkitError("the registry's token service gives no token", where=realm)
    return str(token)


def _open(url: str, method: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    if not url.startswith(("https://", "http://")):
        raise ToolkitError(f"{url!r} is no web address", where="registry")
    request = urllib.request.Request(url, method=method)  # noqa: S310  # checked above
    for name, value in headers.items():
        request.add_unredirected_header(name, value)
    opened: http.client.HTTPResponse = urllib.request.urlopen(  # noqa: S310  # nosec B310
        request, timeout=_ANSWER_SECONDS
    )
    return opened
