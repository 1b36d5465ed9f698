"""Programs reach the shared infrastructure with nothing but what `.env.infra` tells them."""

import json
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from rehearsal import Rehearsal

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def environment(shared_infra: Rehearsal) -> dict[str, str]:
    """The variables of the stack's `.env.infra`, read as `set -a; . ./.env.infra` would."""
    lines = Path(shared_infra.root / ".env.infra").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_mongodb_takes_and_gives_a_document(environment: dict[str, str]) -> None:
    with MongoClient(environment["MONGODB_URL"], serverSelectionTimeoutMS=5000) as client:
        collection = client.get_default_database()["connectivity"]
        collection.insert_one({"_id": "probe", "answer": 23})
        found = collection.find_one({"_id": "probe"})
        collection.drop()

    assert found == {"_id": "probe", "answer": 23}


def test_mongodb_refuses_a_wrong_password(environment: dict[str, str]) -> None:
    password = environment["MONGO_PASSWORD"]
    wrong = environment["MONGODB_URL"].replace(password, "0" * len(password))

    with (
        MongoClient(wrong, serverSelectionTimeoutMS=5000) as client,
        pytest.raises(OperationFailure, match="Authentication failed"),
    ):
        client.get_default_database().list_collection_names()


def test_prometheus_answers_queries(environment: dict[str, str]) -> None:
    answer = _get(f"{environment['PROMETHEUS_URL']}/api/v1/query?query=vector(23)")

    assert answer["data"]["result"][0]["value"][1] == "23"


def test_the_model_completes(environment: dict[str, str]) -> None:
    models = _get(f"{environment['LLM_URL']}/v1/models")

    assert environment["LLM_MODEL"] in [model["id"] for model in models["data"]]


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("loki", "/ready"),
        ("alertmanager", "/-/ready"),
        ("node_exporter", "/metrics"),
        ("butler_sidecar", "/health"),
    ],
)
def test_the_other_services_answer(shared_infra: Rehearsal, service: str, path: str) -> None:
    with urlopen(f"http://127.0.0.1:{shared_infra.ports[service]}{path}", timeout=5) as answer:
        assert answer.status == 200


def _get(url: str) -> Any:
    with urlopen(url, timeout=10) as answer:  # noqa: S310  (the stack's own address)
        return json.load(answer)
