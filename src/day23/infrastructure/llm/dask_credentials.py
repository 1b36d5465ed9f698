"""The key and certificate that the Dask processes of one run know each other by."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from distributed.security import Security

_CLOCKS_DIFFER = timedelta(hours=12)
_LONGEST_RUN = timedelta(days=7)


def new_credentials() -> str:
    """Return a private key and the certificate that it signs for itself, as PEM.

    One pair serves scheduler, workers and caller: who holds the key is of the run, nobody else is. Unlike
    `Security.temporary` it is valid on hosts whose clocks lag.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "day23 benchmark")]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + _LONGEST_RUN)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + certificate.public_bytes(Encoding.PEM)).decode()


def security(credentials: str) -> Security:
    """Return what Dask encrypts with, and accepts nobody without; nothing of it stays on a disk."""
    roles = ("client", "scheduler", "worker")
    pairs = {f"tls_{role}_{part}": credentials for role in roles for part in ("cert", "key")}
    return Security(  # type: ignore[no-untyped-call]
        require_encryption=True, tls_ca_file=credentials, **pairs
    )
