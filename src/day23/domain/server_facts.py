"""Which server answered: what a baseline must have in common with the run that is compared with it."""

from pydantic import BaseModel, ConfigDict


class ServerFacts(BaseModel):
    """What the endpoint tells about itself.

    Attributes:
        engine: Name and version as the server gives them; `unknown` where it gives none.
        model: The entry of the model below `/v1/models`, without times.
        quantisation: As named by the server or in the model's name; null where neither does.
        digest: SHA-256 over all of the above and the health page's stable fields.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    engine: str = "unknown"
    model: str = "unknown"
    quantisation: str | None = None
    digest: str = ""
