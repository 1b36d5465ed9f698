"""SCRAM-SHA-256 against the exchange printed in RFC 7677 section 3."""

import base64
import hashlib
import hmac

from day23.domain.scram import stored_key

SALT = "W22ZaJ0SNY7soEsUEjb6gQ=="
PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
MESSAGES = f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={NONCE},s={SALT},i=4096,c=biws,r={NONCE}"


def test_a_server_that_stores_this_key_accepts_the_proof_of_the_standard() -> None:
    key = base64.b64decode(stored_key("pencil", SALT, 4096))
    signature = hmac.digest(key, MESSAGES.encode(), "sha256")
    client_key = bytes(a ^ b for a, b in zip(base64.b64decode(PROOF), signature, strict=True))
    assert hashlib.sha256(client_key).digest() == key


def test_another_password_has_another_key() -> None:
    assert stored_key("pencil", SALT, 4096) != stored_key("pencils", SALT, 4096)
