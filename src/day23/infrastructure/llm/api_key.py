"""The key that an LLM API asks its callers for: sent with each request, and told to nobody else."""

from dataclasses import dataclass, field

from day23.domain.errors import UsageError

HIDDEN = "***"
SHORTEST_SECRET = 8
"""Shorter ones (`EMPTY`, `none`) are words that an answer may well hold for reasons of its own."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, or that there is none.

    Attributes:
        value: Empty where the server asks for none.
        variable: Where people set it.

    Raises:
        UsageError: No HTTP header can carry it.
    """

    value: str = field(default="", repr=False)
    variable: str = "LLM_API_KEY"

    def __post_init__(self) -> None:
        if not (self.value.isascii() and self.value.isprintable() and self.value == self.value.strip()):
            what = f"{self.variable} holds a space at an end, or what no HTTP header can carry"
            raise UsageError(what, next_step=f"set {self.variable} to the key alone")

    @property
    def headers(self) -> dict[str, str]:
        """The header that a request needs, if any."""
        return {"Authorization": f"Bearer {self.value}"} if self.value else {}

    @property
    def next_step(self) -> str:
        """What helps where the server refuses the caller."""
        return f"set {self.variable} to a key that this server accepts"

    def hide(self, text: str) -> str:
        """Return a server's text without the key, which some servers send back."""
        if not self.value:
            return text
        return text.replace(self.value, HIDDEN).replace(self.value.replace("/", r"\/"), HIDDEN)

    def hide_in_answer(self, text: str) -> str:
        """Return a model's text without the key, unless the key is no more than a word."""
        return self.hide(text) if len(self.value) >= SHORTEST_SECRET else text


NO_KEY = ApiKey()


@dataclass(frozen=True, slots=True)
class AskedServer:
    """Whose answer is read: what its errors name, and what they must not tell."""

    url: str
    key: ApiKey = NO_KEY
