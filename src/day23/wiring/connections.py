"""Addresses of the running stack: from the environment when set, else from the stack's own records."""

from typing import Any
from urllib.parse import quote

from pydantic import SecretStr
from pymongo import MongoClient
from pymongo.errors import ConfigurationError, InvalidURI

from day23.domain.errors import ToolkitError
from day23.domain.extractive_model import MODEL_NAME
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.llm.api_key import ApiKey
from day23.infrastructure.llm.chat_client import origin_of
from day23.infrastructure.mongo.client import connect
from day23.infrastructure.secret_store import SecretStore
from day23.infrastructure.stack_records import StackRecords
from day23.settings import Settings


def mongodb_url(settings: Settings, user: str = "seeder") -> str:
    """Return `MONGODB_URL`, else the URL that authenticates as `user` on the stack's MongoDB.

    Raises:
        ToolkitError: Neither is known.
    """
    if settings.mongodb_url:
        return settings.mongodb_url
    address = service_address(settings, "mongodb", port="mongodb")
    password = SecretStore(StackPaths(settings.stack_root)).read(f"mongodb_{user}")
    return stack_mongodb_url(address, user, password, settings.db_name)


def llm_model(settings: Settings) -> str:
    """Return `LLM_MODEL`, else the model that the stack's LLM API serves."""
    record = StackRecords(StackPaths(settings.stack_root)).load("llm_api")
    served = record.ready.chat if record and record.ready else None
    return settings.llm_model or served or MODEL_NAME


def stack_mongodb_url(address: str, user: str, password: str, database: str) -> str:
    """Return the URL of a stack's MongoDB; direct, because on a bridge the member has another name."""
    credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"mongodb://{credentials}@{address}/{database}?authSource=admin&directConnection=true"


def mongo_client(settings: Settings, user: str = "seeder") -> MongoClient[dict[str, Any]]:
    """Return a client that authenticates as `user` and reads dates as tz-aware UTC; close it after use.

    Raises:
        ToolkitError: The address is unknown or malformed. An unreachable server shows at first use.
    """
    url = mongodb_url(settings, user)
    try:
        return connect(
            url, tz_aware=True, serverSelectionTimeoutMS=settings.mongo_timeout_ms, appname=f"day23-{user}"
        )
    except (ConfigurationError, InvalidURI, ValueError):
        raise ToolkitError(
            "the MongoDB address cannot be used",
            where="MONGODB_URL",
            next_step="set it to mongodb://user:password@host:port/database, or unset it",
        ) from None


def llm_url(settings: Settings) -> str:
    """Return `LLM_URL`, else the base URL of the stack's LLM API, without a trailing slash."""
    return (settings.llm_url or f"http://{service_address(settings, 'llm_api')}").rstrip("/")


def llm_key(settings: Settings) -> ApiKey:
    """Return `LLM_API_KEY` for the LLM API."""
    return ApiKey(_revealed(settings.llm_api_key))


def judge_key(settings: Settings, url: str) -> ApiKey:
    """Return `JUDGE_API_KEY` for the judge; else that of the LLM API, which no other server is told."""
    return _key_there(settings, url, settings.judge_api_key, "JUDGE_API_KEY")


def beside_key(settings: Settings, url: str) -> ApiKey:
    """Return `BESIDE_API_KEY` for the server beside; else as `judge_key`."""
    return _key_there(settings, url, settings.beside_api_key, "BESIDE_API_KEY")


def is_measured_server(settings: Settings, url: str) -> bool:
    """Tell whether the address is that of the LLM API."""
    return origin_of(url) == origin_of(llm_url(settings))


def _key_there(settings: Settings, url: str, own: SecretStr | None, variable: str) -> ApiKey:
    key = ApiKey(_revealed(own), variable)
    return key if key.value or not is_measured_server(settings, url) else llm_key(settings)


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def prometheus_url(settings: Settings) -> str:
    """Return `PROMETHEUS_URL`, else the base URL of the stack's Prometheus, without a trailing slash."""
    return (settings.prometheus_url or f"http://{service_address(settings, 'prometheus')}").rstrip("/")


def loki_url(settings: Settings) -> str:
    """Return `LOKI_URL`, else the base URL of the stack's Loki, without a trailing slash."""
    return (settings.loki_url or f"http://{service_address(settings, 'loki')}").rstrip("/")


def service_address(settings: Settings, service: str, port: str = "http") -> str:
    """Return `host:port` of a service of the stack, as its record tells.

    Raises:
        ToolkitError: The stack is not up, or runs without this service.
    """
    record = StackRecords(StackPaths(settings.stack_root)).load(service)
    address = record.endpoints.get(port) if record and record.state == "applied" else None
    if address is None:
        raise ToolkitError(
            f"the stack is not up: nothing is known of {service}",
            where=str(settings.stack_root),
            next_step="make day-23-up",
        )
    return address
