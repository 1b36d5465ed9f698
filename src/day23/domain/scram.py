"""SCRAM-SHA-256 as far as comparing a password with what a server stores."""

import base64
import hashlib
import hmac


def stored_key(password: str, salt: str, iterations: int) -> str:
    """Return what a server stores for `password`, in base64 (RFC 5802 section 3, RFC 7677).

    Args:
        password: ASCII; other text would need SASLprep first.
        salt: Base64, as MongoDB shows it.
        iterations: Rounds of PBKDF2.
    """
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return base64.b64encode(hashlib.sha256(client_key).digest()).decode()
