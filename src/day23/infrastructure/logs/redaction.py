"""Secrets and personal data are removed before a line leaves the process."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

REDACTED = "***REDACTED***"
MASKED_EMAIL = "***EMAIL***"
MASKED_PHONE = "***PHONE***"

_SECRET_KEY = re.compile(
    r"(?:^|_)(?:password|passwd|secret|token|api_?key|authorization|credentials?|cookie|e_?mail|phone)$",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]+):[^\s/@]+@")
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-zА-Яа-я]{2,}")
_PHONE = re.compile(
    r"(?<![\w+])(?:\+\d{1,3}[\s.-]?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}"
    r"|8[\s.-]?\(\d{3}\)[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}"
    r"|8[\s-]\d{3}[\s-]\d{3}[\s-]\d{2}[\s-]\d{2})(?!\w)"
)
_SHORTEST_SECRET = 8


class Redactor:
    """Replaces secrets, e-mail addresses and phone numbers in the values of a log line.

    Values of keys that end in a word like `password` or `token` go whole; everywhere else known secrets,
    passwords inside URLs, bearer tokens, addresses and numbers go, and the rest of the text stays.

    Args:
        secrets: Values to remove wherever they occur; shorter ones than 8 characters are ignored.

    Example:
        >>> Redactor(["5ecret-value"]).clean({"url": "x?k=5ecret-value", "token": "abc"})
        {'url': 'x?k=***REDACTED***', 'token': '***REDACTED***'}
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted((value for value in secrets if len(value) >= _SHORTEST_SECRET), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, known))) if known else None

    def clean(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Return the fields with everything private replaced."""
        return {str(key): self._clean_field(str(key), value) for key, value in fields.items()}

    def _clean_field(self, key: str, value: object) -> object:
        if isinstance(value, str | bytes) and _holds_secret(key):
            return REDACTED
        return self._clean_value(value)

    def _clean_value(self, value: object) -> object:
        if isinstance(value, str):
            return self.clean_text(value)
        if isinstance(value, Mapping):
            return self.clean(value)
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean_value(item) for item in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.clean_text(str(value))

    def clean_text(self, text: str) -> str:
        """Return the text with everything private replaced."""
        if self._secrets:
            text = self._secrets.sub(REDACTED, text)
        if "@" in text:
            text = _EMAIL.sub(MASKED_EMAIL, _URL_PASSWORD.sub(rf"\1:{REDACTED}@", text))
        if "+" in text or "8" in text:
            text = _PHONE.sub(MASKED_PHONE, text)
        return _BEARER.sub(rf"\1 {REDACTED}", text) if " " in text else text


@lru_cache(maxsize=1024)
def _holds_secret(key: str) -> bool:
    return _SECRET_KEY.search(key) is not None
