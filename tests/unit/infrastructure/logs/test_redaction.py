"""What is private is removed; what is not stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.infrastructure.logs.redaction import REDACTED, Redactor

SECRET = "3f" * 24


@given(st.text(), st.text())
def test_a_known_secret_is_removed_wherever_it_stands(before: str, after: str) -> None:
    cleaned = Redactor([SECRET]).clean({"field": before + SECRET + after, "list": [{"deep": SECRET}]})
    assert SECRET not in str(cleaned)


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "mongodb_password",
        "secret",
        "token",
        "api_key",
        "apikey",
        "authorization",
        "credential",
        "access_token",
        "refresh_token",
        "PASSWORD",
        "email",
        "phone",
    ],
)
def test_values_of_private_keys_go_whole(key: str) -> None:
    assert Redactor().clean({key: "anything"}) == {key: REDACTED}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "mongodb://seeder:abc@127.0.0.1:27017/butler",
            f"mongodb://seeder:{REDACTED}@127.0.0.1:27017/butler",
        ),
        ("Authorization: Bearer abcdefgh12345", f"Authorization: Bearer {REDACTED}"),
        ("write to иван.petrov+x@mail.example.ru.", "write to ***EMAIL***."),
        ("call +7 (999) 123-45-67 now", "call ***PHONE*** now"),
        ("call +79991234567", "call ***PHONE***"),
        ("call 8 999 123-45-67", "call ***PHONE***"),
    ],
)
def test_private_parts_of_a_text_are_replaced(text: str, expected: str) -> None:
    assert Redactor().clean_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "@onaboka-20260101-1",
        "channel @alexgladkovblog",
        "2026-01-01T00:00:00.000000+00:00",
        "89991234567 documents",
        "sha256 " + "88" * 32,
        "a+b=80",
        "http://127.0.0.1:9090/-/ready",
    ],
)
def test_what_only_looks_private_stays(text: str) -> None:
    assert Redactor([SECRET]).clean_text(text) == text


def test_counts_of_tokens_are_not_secrets() -> None:
    fields = {"prompt_tokens": 12, "first_token_seconds": 0.2, "max_tokens": 800, "token_count": 3}
    assert Redactor().clean(fields) == fields


def test_a_secret_too_short_to_be_one_is_not_searched_for() -> None:
    assert Redactor(["", "a"]).clean_text("banana") == "banana"
