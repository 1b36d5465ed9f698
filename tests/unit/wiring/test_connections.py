"""Where clients find the stack."""

from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.service_record import ServiceRecord
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.secret_store import SecretStore
from day23.infrastructure.stack_records import StackRecords
from day23.settings import Settings
from day23.wiring.connections import llm_url, loki_url, mongo_client, mongodb_url, prometheus_url


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MONGODB_URL", "LLM_URL", "PROMETHEUS_URL", "LOKI_URL", "DB_NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def running(tmp_path: Path) -> Settings:
    """A stack on port 28217 and above whose records say so."""
    records = StackRecords(StackPaths(tmp_path))
    endpoints = {
        "mongodb": {"mongodb": "127.0.0.1:28217"},
        "llm_api": {"http": "127.0.0.1:9200"},
        "prometheus": {"http": "127.0.0.1:10290"},
        "loki": {"grpc": "127.0.0.1:10295", "http": "127.0.0.1:4300"},
    }
    for name, addresses in endpoints.items():
        records.save(ServiceRecord(name=name, state="applied", endpoints=addresses))
    SecretStore(StackPaths(tmp_path)).ensure(["mongodb_seeder", "mongodb_exporter"])
    return Settings(stack_root=tmp_path)


def test_addresses_come_from_the_stack_s_records(running: Settings) -> None:
    assert llm_url(running) == "http://127.0.0.1:9200"
    assert prometheus_url(running) == "http://127.0.0.1:10290"
    assert loki_url(running) == "http://127.0.0.1:4300"


@pytest.mark.parametrize("user", ["seeder", "exporter"])
def test_each_user_of_mongodb_has_its_own_password(running: Settings, user: str) -> None:
    password = SecretStore(StackPaths(running.stack_root)).read(f"mongodb_{user}")
    address = f"{user}:{password}@127.0.0.1:28217/butler"
    assert mongodb_url(running, user) == f"mongodb://{address}?authSource=admin&directConnection=true"


def test_the_environment_wins_and_needs_no_stack(tmp_path: Path) -> None:
    settings = Settings(
        stack_root=tmp_path,
        mongodb_url="mongodb://elsewhere/db",
        llm_url="http://llm:8000/",
        prometheus_url="http://p:9090",
        loki_url="http://l:3100",
    )
    assert mongodb_url(settings) == "mongodb://elsewhere/db"
    addresses = [llm_url(settings), prometheus_url(settings), loki_url(settings)]
    assert addresses == ["http://llm:8000", "http://p:9090", "http://l:3100"]


@pytest.mark.parametrize("address", [mongodb_url, llm_url, prometheus_url, loki_url])
def test_without_a_stack_the_next_step_is_named(tmp_path: Path, address: object) -> None:
    assert callable(address)
    with pytest.raises(ToolkitError, match="the stack is not up") as raised:
        address(Settings(stack_root=tmp_path))
    assert raised.value.next_step == "make day-23-up"


def test_a_skipped_service_has_no_address(tmp_path: Path) -> None:
    record = ServiceRecord(name="loki", state="skipped", endpoints={"http": "127.0.0.1:1"})
    StackRecords(StackPaths(tmp_path)).save(record)
    with pytest.raises(ToolkitError, match="the stack is not up"):
        loki_url(Settings(stack_root=tmp_path))


def test_a_client_reads_dates_with_their_zone(running: Settings) -> None:
    with mongo_client(running, "seeder") as client:
        assert client.codec_options.tz_aware


@pytest.mark.parametrize("url", ["mongo://ann:precious@host", "mongodb://ann:pre@cious:x@host:port/"])
def test_a_malformed_address_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(ToolkitError, match="MONGODB_URL") as raised:
        mongo_client(Settings(stack_root=tmp_path, mongodb_url=url))
    assert "cious" not in str(raised.value)
    assert raised.value.__cause__ is None
