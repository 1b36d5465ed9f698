"""The environment that programs of the stack start from."""

import os

_INHERITED = ("PATH", "HOME", "TZ", "TMPDIR", "USER", "LOGNAME")


def bare_environment() -> dict[str, str]:
    """Return the few variables that programs need; the caller's others, secrets above all, stay out."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {"PATH": os.defpath, **inherited, "LANG": "C.UTF-8"}
