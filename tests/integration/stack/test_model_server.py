"""The LLM API as a model server: chosen by data, refused where it cannot run, ready when it answers."""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import model_server
import pytest
from live_stack import LiveStack, Played

from day23.infrastructure.stack_records import StackRecords
from day23.settings import Settings
from day23.wiring.connections import llm_model

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LiveStack]:
    made = LiveStack(tmp_path)
    yield made
    made.play("down", stack_purge=True)


@pytest.fixture
def chosen(tmp_path: Path) -> dict[str, Any]:
    """What a person sets for a model without a card."""
    program, model = tmp_path / "llama-server", tmp_path / "qwen.gguf"
    source = Path(model_server.__file__).read_text(encoding="utf-8")
    program.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    program.chmod(0o755)
    model.write_text("weights of qwen")
    return {
        "llm_api_engine": "llama_cpp",
        "llm_api_program": str(program),
        "llm_api_model_path": str(model),
        "llm_api_model_sha256": hashlib.sha256(b"weights of qwen").hexdigest(),
        "llm_api_gpus": 0,
    }


def up(stack: LiveStack, chosen: dict[str, Any], **changes: Any) -> Played:
    return stack.play("up", "--tags", "llm_api", **(chosen | changes))


def test_up_ends_when_the_model_answers(stack: LiveStack, chosen: dict[str, Any]) -> None:
    played = up(stack, chosen)

    assert played.exit_code == 0, played.output[-4000:]
    assert complete(stack)["choices"][0]["message"]["content"] == "weights of qwen"
    assert llm_model(Settings(stack_root=stack.paths.root, llm_model=None)) == "qwen"
    assert "LLM_MODEL=qwen" in (stack.folder / "env.infra").read_text()
    assert up(stack, chosen).changed == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"llm_api_gpus": 1}, "set llm_api_gpus to 0"),
        ({"llm_api_program": None}, "artefact llm_api"),
        ({"llm_api_model_path": None}, "llm_api_model_path, llm_api_model_sha256"),
        ({"llm_api_model_sha256": "0" * 64}, "is not the one that was meant"),
        ({"llm_api_engine": "llamacpp"}, "extractive, llama_cpp, vllm"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_cannot_run_is_refused_with_what_to_set(
    stack: LiveStack, chosen: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    if Path("/dev/nvidia0").exists() and "llm_api_gpus" in changes:
        pytest.skip("this host has a card")

    played = up(stack, chosen, **changes)

    assert played.exit_code != 0
    assert said in played.output
    assert "Traceback" not in played.output
    assert [record for record in StackRecords(stack.paths).load_all() if record.state == "applied"] == []


def complete(stack: LiveStack) -> Any:
    address = f"http://127.0.0.1:{stack.ports['llm_api']}/v1/chat/completions"
    question = {"model": "qwen", "messages": [{"role": "user", "content": "?"}]}
    request = Request(address, json.dumps(question).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - a loopback address made above
        return json.load(answer)
