"""`.env.infra` says the same to every reader."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from day23.domain.environment_file import belongs_to_toolkit, render
from day23.domain.errors import ToolkitError
from day23.domain.stack_environment import StackEnvironment

NAMES = st.from_regex(r"DAY_[A-Z0-9_]{1,12}", fullmatch=True)
SAFE = st.text("abcXYZ019._:/?=@%+,-", min_size=1, max_size=60)
READERS = {
    "source": 'set -a; . "$0"; set +a; env -0',
    "xargs": 'export $(grep -v "^#" "$0" | xargs); env -0',
}


@settings(max_examples=15, deadline=None)
@given(variables=st.dictionaries(NAMES, SAFE, min_size=1, max_size=6))
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_shell_reads_back_what_was_written(
    variables: dict[str, str], reader: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("environment") / "env"
    path.write_text(render(variables), encoding="utf-8")
    answer = subprocess.run(["sh", "-c", reader, str(path)], cwd=path.parent, capture_output=True, check=True)
    seen = dict(entry.split("=", 1) for entry in answer.stdout.decode().split("\0") if "=" in entry)
    assert {name: seen[name] for name in variables} == variables


@pytest.mark.parametrize(
    "value", ["a b", "a&b", "a$b", "a#b", "a'b", 'a"b', "a\nb", "a*b", "a\\b", "a;b", "`a`", "~"]
)
def test_a_value_that_a_shell_would_misread_is_refused(value: str) -> None:
    with pytest.raises(ToolkitError, match="BENCHMARK_DATASET_DIR"):
        render({"BENCHMARK_DATASET_DIR": value})


@pytest.mark.parametrize("name", ["", "lower", "1ST", "A B", "A=B"])
def test_a_name_that_no_shell_knows_is_refused(name: str) -> None:
    with pytest.raises(ToolkitError, match="is not a name"):
        render({name: "value"})


def test_the_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(ToolkitError) as raised:
        render({"MONGO_PASSWORD": "my secret"})
    assert "my secret" not in str(raised.value)


def test_only_our_own_file_is_recognised() -> None:
    assert belongs_to_toolkit(render({"A": "b"}))
    assert not belongs_to_toolkit("MONGO_PASSWORD=precious\n")
    assert not belongs_to_toolkit("")


def environment(dataset_dir: str) -> StackEnvironment:
    return StackEnvironment(
        mongodb="127.0.0.1:27017",
        llm_api="127.0.0.1:8000",
        prometheus="127.0.0.1:9090",
        llm_model="model",
        database="butler",
        dataset_dir=Path(dataset_dir),
        repository=Path("/srv/my project"),
    )


def test_a_dataset_folder_elsewhere_is_told_in_full() -> None:
    variables = environment("/srv/datasets").variables("secret", "picture")
    assert variables["BENCHMARK_DATASET_DIR"] == "/srv/datasets"


def test_the_addresses_are_those_of_the_operations_guide() -> None:
    assert environment("/srv/my project/data/benchmarks").variables("secret", "picture") == {
        "MONGO_USER": "admin",
        "MONGO_PASSWORD": "secret",
        "GRAFANA_PASSWORD": "picture",
        "MONGODB_URL": "mongodb://admin:secret@127.0.0.1:27017/butler?authSource=admin",
        "TEST_MONGODB_URL": "mongodb://admin:secret@127.0.0.1:27017/butler?authSource=admin",
        "LLM_URL": "http://127.0.0.1:8000",
        "LLM_MODEL": "model",
        "PROMETHEUS_URL": "http://127.0.0.1:9090",
        "BENCHMARK_DATASET_DIR": "data/benchmarks",
    }
