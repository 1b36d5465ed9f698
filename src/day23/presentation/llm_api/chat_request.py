"""The body of `POST /v1/chat/completions`, as far as this server uses it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]


class _Part(BaseModel):
    """Fields of the OpenAI API that are not named here are accepted and have no effect."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class ContentPart(_Part):
    """One part of a message given as a list; only text can be summarised."""

    type: Literal["text"]
    text: str


class Message(_Part):
    """One message of the conversation."""

    role: Role
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """The message's text, parts joined by line ends."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(_Part):
    """What a stream carries beside the content."""

    include_usage: bool = False


class ChatCompletionRequest(_Part):
    """A chat completion request.

    The extractive model has no randomness: `temperature` and `seed` change nothing.
    """

    model: Annotated[str, Field(min_length=1, max_length=200)]
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    n: Literal[1] | None = None

    @property
    def source(self) -> str:
        """What is to be summarised: the user's messages, in order."""
        return "\n\n".join(message.text for message in self.messages if message.role == "user")

    @property
    def prompt(self) -> str:
        """All that the model was given, for counting tokens."""
        return "\n".join(message.text for message in self.messages)

    @property
    def token_limit(self) -> int | None:
        """Most tokens of the answer; None without a limit."""
        limits = [limit for limit in (self.max_tokens, self.max_completion_tokens) if limit]
        return min(limits, default=None)
