"""The two forms of one completion say the same."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from day23.presentation.llm_api.chat_answer import END_OF_STREAM, ChatAnswer, request_digest


def answered(text: str, *, cut: bool = False) -> ChatAnswer:
    return ChatAnswer(text, "m", 3, 2, cut=cut, digest=request_digest(b"{}"), created=1)


def chunks(answer: ChatAnswer, *, include_usage: bool = False) -> list[dict[str, Any]]:
    data = b"".join(answer.events(include_usage=include_usage))
    assert data.endswith(END_OF_STREAM)
    events = data.removesuffix(END_OF_STREAM).decode().split("\n\n")[:-1]
    return [json.loads(event.removeprefix("data: ")) for event in events]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_stream_adds_up_to_the_plain_text(text: str) -> None:
    deltas = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks(answered(text))]
    plain = json.loads(answered(text).body())
    assert "".join(deltas) == plain["choices"][0]["message"]["content"] == text


def test_plain_and_streamed_share_id_model_and_reason() -> None:
    answer = answered("да нет", cut=True)
    plain, streamed = json.loads(answer.body()), chunks(answer, include_usage=True)
    assert {chunk["id"] for chunk in streamed} == {plain["id"]}
    assert streamed[-2]["choices"][0]["finish_reason"] == plain["choices"][0]["finish_reason"] == "length"
    assert (
        streamed[-1]["usage"]
        == plain["usage"]
        == {
            "prompt_tokens": 3,
            "completion_tokens": 2,
            "total_tokens": 5,
        }
    )


def test_different_requests_have_different_ids() -> None:
    assert request_digest(b"1") != request_digest(b"2")
