"""Asks an OpenAI-compatible server what it is."""

import hashlib
import re
from typing import Any

import aiohttp
import orjson

from day23.domain.server_facts import ServerFacts
from day23.infrastructure.llm.api_key import NO_KEY, ApiKey, AskedServer
from day23.infrastructure.llm.completion_body import status_error

PATIENCE_SECONDS = 5.0
_CHANGING = frozenset(
    {"created", "self_test", "uptime", "uptime_seconds", "timestamp", "permission", "status"}
)
_QUANTISATION = re.compile(r"(?i)\b(awq|gptq|fp8|int[48]|nf4|i?q\d(?:_[a-z0-9]+)*)\b")


async def read_server_facts(base_url: str, model: str, key: ApiKey = NO_KEY) -> ServerFacts:
    """Return what the server tells; a server that tells nothing has a digest, too.

    Args:
        base_url: `http://host:port`, without a path.
        model: The model that will be asked for.
        key: Sent along; nothing that is returned holds it.

    Raises:
        ChatError: The server wants a key, and there is none. One that it refuses here may be for chat alone.
    """
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers=key.headers) as session:
        listed = await _object(session, AskedServer(f"{base_url}/v1/models", key))
        health = await _object(session, AskedServer(f"{base_url}/health", key))
        version = await _object(session, AskedServer(f"{base_url}/version", key))
    entry = _stable(_entry(listed, model))
    told = {"model": entry, "health": _stable(health), "version": _stable(version)}
    owner, number = entry.get("owned_by"), health.get("version") or version.get("version")
    found = _QUANTISATION.search(f"{entry.get('quantization', '')} {entry.get('id', model)}")
    return ServerFacts(
        engine=" ".join(str(part) for part in (owner, number) if part) or "unknown",
        model=str(entry.get("id", model)),
        quantisation=found[0].lower() if found else None,
        digest=hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest(),
    )


async def _object(session: aiohttp.ClientSession, server: AskedServer) -> dict[str, Any]:
    try:
        async with session.get(server.url) as response:
            told = server.key.hide_in_answer(await response.text(errors="replace"))
            if response.status == 401 and not server.key.value:
                raise status_error(server, response.status, told)
            found = orjson.loads(told) if response.status == 200 else {}
    except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _entry(listed: dict[str, Any], model: str) -> dict[str, Any]:
    data = listed.get("data")
    entries = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
    return next((one for one in entries if one.get("id") == model), entries[0] if entries else {})


def _stable(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in _CHANGING}
