"""Asks services over their real protocols whether they serve."""

import json
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from day23.application.service_ports import Probe
from day23.domain.service_spec import Ready

if TYPE_CHECKING:
    from pymongo import MongoClient

_ANSWER_SECONDS = 2.0
_CHAT_SECONDS = 20.0
"""For one token, of a large model that runs on a processor."""


def probe_for(ready: Ready, endpoints: Mapping[str, str]) -> Probe:
    """Return the probe that `ready` describes."""
    if ready.http is not None:
        listens = HttpProbe(endpoints[ready.port], ready.http)
        return ChatProbe(endpoints[ready.port], ready.chat, listens) if ready.chat else listens
    if ready.mongodb is not None:
        return MongodbProbe(endpoints[ready.mongodb])
    return TcpProbe(endpoints[ready.tcp or ready.port])


class HttpProbe:
    """Ready when a GET of `path` answers 200."""

    def __init__(self, endpoint: str, path: str) -> None:
        self._endpoint = endpoint
        self._path = path

    def complaint(self) -> str | None:
        """Return why the service is not ready, or None when it is."""
        connection = HTTPConnection(self._endpoint, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", self._path)
            response = connection.getresponse()
            response.read()  # a server whose answer is thrown away logs errors
        except (OSError, HTTPException) as error:
            return f"http://{self._endpoint}{self._path}: {_words(error)}"
        finally:
            connection.close()
        return None if response.status == 200 else f"{self._path} answers {response.status}"

    def close(self) -> None:
        """Nothing is kept open."""


class ChatProbe:
    """Ready when a model answers a chat completion; asked only once the server says that it is healthy."""

    def __init__(self, endpoint: str, model: str, listens: HttpProbe) -> None:
        self._endpoint = endpoint
        self._model = model
        self._listens = listens

    def complaint(self) -> str | None:
        """Return why the model does not answer, or None when it does."""
        refusal = self._listens.complaint()
        if refusal is not None:
            return refusal
        try:
            status, said = self._ask()
        except (OSError, HTTPException) as error:
            return f"the model {self._model} does not answer: {_words(error)}"
        return None if status == 200 and _is_completion(said) else f"the model {self._model} answers {status}"

    def close(self) -> None:
        """Nothing is kept open."""

    def _ask(self) -> tuple[int, bytes]:
        question = {"model": self._model, "messages": [{"role": "user", "content": "1"}], "max_tokens": 1}
        connection = HTTPConnection(self._endpoint, timeout=_CHAT_SECONDS)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/v1/chat/completions", json.dumps(question), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class TcpProbe:
    """Ready when the port accepts connections."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def complaint(self) -> str | None:
        """Return why the service is not ready, or None when it is."""
        host, _, port = self._endpoint.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_SECONDS).close()
        except OSError as error:
            return f"{self._endpoint}: {_words(error)}"
        return None

    def close(self) -> None:
        """Nothing is kept open."""


class MongodbProbe:
    """Ready when the server is a writable primary; asks without logging in."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._client: MongoClient[dict[str, Any]] | None = None

    def complaint(self) -> str | None:
        """Return why the service is not ready, or None when it is."""
        refusal = TcpProbe(self._endpoint).complaint()
        if refusal is not None:
            return refusal
        from pymongo.errors import PyMongoError

        try:
            writable = self._connected().admin.command("hello").get("isWritablePrimary")
        except PyMongoError as error:
            return f"{self._endpoint}: {type(error).__name__}"
        return None if writable else f"{self._endpoint} is not a writable primary"

    def close(self) -> None:
        """Close the client before anybody stops the server."""
        if self._client is not None:
            self._client.close()

    def _connected(self) -> "MongoClient[dict[str, Any]]":
        if self._client is None:
            from day23.infrastructure.mongo.client import connect

            milliseconds = int(_ANSWER_SECONDS * 1000)
            self._client = connect(
                f"mongodb://{self._endpoint}/",
                directConnection=True,
                serverSelectionTimeoutMS=milliseconds,
                socketTimeoutMS=milliseconds,
                appname="day23-ready",
            )
        return self._client


def _is_completion(said: bytes) -> bool:
    try:
        return json.loads(said)["choices"][0]["message"]["content"] is not None
    except (ValueError, LookupError, TypeError):
        return False


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
